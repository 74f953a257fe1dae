package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import java.util.List;

/** EnvoyFilter: patches of Envoy's own configuration, which a proxy of another make has not. Refused, whatever it says. */
final class EnvoyFilterDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        fields.object("spec", _ -> true); // each of its fields is refused with it
        fields.problem(
                Codes.ENVOY_FILTER, "spec", "changes the configuration of an Envoy, and the sidecars here are none");
        return List.of();
    }
}
