package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.policy.ClientTls;
import io.tulle.model.policy.ClientTls.KeyFiles;
import io.tulle.model.policy.ClientTls.Proof;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code tls}: what Istio's ValidateTLS takes is taken, and what a mode does not use is reported. */
final class TlsReader implements DestinationPolicyReader {
    private enum Mode {
        DISABLE,
        SIMPLE,
        MUTUAL,
        ISTIO_MUTUAL
    }

    private static final String[] FILES = {
        "clientCertificate", "privateKey", "caCertificates", "caCrl", "insecureSkipVerify"
    };

    @Override
    public Optional<ClientTls> read(FieldReader policy) {
        return policy.object("tls", TlsReader::tls).flatMap(found -> found);
    }

    private static Optional<ClientTls> tls(FieldReader tls) {
        if (!tls.has("mode")) tls.missing("mode");
        var mode = tls.choice(
                "mode",
                Map.of(
                        "DISABLE",
                        Mode.DISABLE,
                        "SIMPLE",
                        Mode.SIMPLE,
                        "MUTUAL",
                        Mode.MUTUAL,
                        "ISTIO_MUTUAL",
                        Mode.ISTIO_MUTUAL));
        if (text(tls, "credentialName").isPresent()) credential(tls, mode);
        return mode.map(found -> switch (found) {
            case DISABLE -> disabled(tls);
            case ISTIO_MUTUAL -> mesh(tls);
            case SIMPLE, MUTUAL -> origination(tls, found == Mode.MUTUAL);
        });
    }

    private static ClientTls disabled(FieldReader tls) {
        unused(tls, "DISABLE", "sni", "subjectAltNames");
        unused(tls, "DISABLE", FILES);
        return ClientTls.DISABLE;
    }

    private static ClientTls mesh(FieldReader tls) {
        unused(tls, "ISTIO_MUTUAL", FILES);
        return new ClientTls.Mesh(text(tls, "sni"), tls.texts("subjectAltNames"));
    }

    private static ClientTls origination(FieldReader tls, boolean mutual) {
        var certificate = text(tls, "clientCertificate");
        var key = text(tls, "privateKey");
        if (!mutual) unused(tls, "SIMPLE", "clientCertificate", "privateKey");
        else if (!tls.has("credentialName")) {
            if (certificate.isEmpty()) tls.missing("clientCertificate");
            if (key.isEmpty()) tls.missing("privateKey");
        }
        var own =
                mutual ? Optional.of(new KeyFiles(certificate.orElse(""), key.orElse(""))) : Optional.<KeyFiles>empty();
        return new ClientTls.Origination(text(tls, "sni"), tls.texts("subjectAltNames"), own, proof(tls));
    }

    private static Proof proof(FieldReader tls) {
        var roots = text(tls, "caCertificates");
        var revoked = text(tls, "caCrl");
        if (!tls.flag("insecureSkipVerify")) return new Proof.Checked(roots, revoked);
        Stream.of("caCertificates", "subjectAltNames")
                .filter(tls::has)
                .findFirst()
                .ifPresent(field -> tls.problem(
                        Codes.EXCLUDES,
                        field,
                        "is set beside insecureSkipVerify, with which no certificate is checked",
                        "remove insecureSkipVerify, so that the certificate is checked"));
        unused(tls, "insecureSkipVerify", "caCrl");
        return new Proof.Unchecked();
    }

    /** A Secret's key would have to reach every sidecar that the rule holds for. */
    private static void credential(FieldReader tls, Optional<Mode> mode) {
        Stream.of("clientCertificate", "privateKey", "caCertificates", "caCrl")
                .filter(tls::has)
                .findFirst()
                .ifPresent(field -> tls.problem(
                        Codes.EXCLUDES,
                        field,
                        "is set beside credentialName, which says the same",
                        "keep one of them"));
        tls.problem(
                Codes.NOT_ACTED_ON,
                "credentialName",
                "names a Secret, and Tulle sends no key of a Secret to a sidecar",
                mode.filter(Mode.MUTUAL::equals).isPresent()
                        ? "put the certificate and the key into files on the sidecar's host, and name them with clientCertificate and"
                                + " privateKey"
                        : "put the root certificates into a file on the sidecar's host, and name it with caCertificates");
    }

    /** Fields that upstream takes, and with which nothing happens in this mode. */
    private static void unused(FieldReader tls, String why, String... fields) {
        for (var field : fields) {
            if (!tls.has(field)) continue;
            tls.value(field);
            tls.warning(Codes.NO_EFFECT, field, "has no effect beside " + why, "remove it, or write another mode");
        }
    }

    private static Optional<String> text(FieldReader tls, String field) {
        return tls.text(field).filter(text -> !text.isEmpty());
    }
}
