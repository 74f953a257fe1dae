package io.tulle.dialects.istio;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** WorkloadEntry: how the API shows running instances. One that a person writes is kept and moves no traffic. */
final class WorkloadEntryDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        fields.object("spec", spec -> {
            spec.requiredText("address");
            ports(spec);
            spec.textMap("labels");
            spec.text("serviceAccount");
            spec.warning(
                    Codes.NOT_ACTED_ON,
                    "",
                    "is kept, but Tulle sends no traffic to it (yet)",
                    "start the workload with `tulle run`, or declare it outside the mesh with a ServiceEntry");
            return true;
        });
        return List.of();
    }

    /** Port numbers by port name. */
    static SortedMap<String, Integer> ports(FieldReader entry) {
        var ports = new TreeMap<String, Integer>();
        entry.integerMap("ports", 1, 65535).forEach(ports::put);
        return ports;
    }
}
