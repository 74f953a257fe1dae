package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Labels;
import io.tulle.dialects.kind.Names;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** WorkloadEntry: how the API shows running instances. One that a person writes is kept and moves no traffic. */
final class WorkloadEntryDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        fields.object("spec", spec -> {
            address(spec);
            ports(spec);
            Labels.of(spec, "labels");
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

    private static void address(FieldReader spec) {
        var address = spec.requiredText("address");
        if (address.isEmpty() || Addresses.isAddress(address) || Hosts.isName(address)) return;
        if (address.startsWith("unix://")) spec.notActedOn("address", address);
        else {
            spec.problem(
                    Codes.BAD_ADDRESS,
                    "address",
                    "'" + address + "' is neither an IP address nor a DNS name",
                    "write an address such as 10.0.0.1 or fd00::1, or a DNS name");
        }
    }

    /** Port numbers by port name. */
    static SortedMap<String, Integer> ports(FieldReader entry) {
        var ports = new TreeMap<String, Integer>();
        entry.integerMap("ports", 1, 65535).forEach((name, number) -> {
            if (!Names.isLabel(name)) entry.problem(Codes.BAD_NAME, "ports", "names a port '" + name + "'");
            ports.put(name, number);
        });
        return ports;
    }
}
