package io.tulle.dialects.istio.policy;

import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.ClientTls;
import java.util.Map;
import java.util.Optional;

/** {@code tls}. */
final class TlsReader implements DestinationPolicyReader {
    @Override
    public Optional<ClientTls> read(FieldReader policy) {
        return policy.object("tls", TlsReader::tls).flatMap(found -> found);
    }

    private static Optional<ClientTls> tls(FieldReader tls) {
        if (!tls.has("mode")) tls.missing("mode");
        return tls.choice("mode", Map.of("DISABLE", ClientTls.DISABLE, "ISTIO_MUTUAL", ClientTls.MESH));
    }
}
