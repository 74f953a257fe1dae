package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Addresses;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Labels;
import io.tulle.model.world.External;
import io.tulle.model.world.Selector;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** ServiceEntry: what the mesh depends on and does not run itself, wherever it is. */
final class ServiceEntryDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> contribution(spec, context)).stream()
                .toList();
    }

    private static Contribution contribution(FieldReader spec, Context context) {
        var exportedTo = Gateways.exportedTo(spec, context);
        // Both mean the same here: what is spoken to its endpoints is said by a DestinationRule.
        spec.choice("location", Map.of("MESH_EXTERNAL", true, "MESH_INTERNAL", true));
        var ports = EntryPorts.of(spec);
        var how = EntryPlaces.how(spec);
        var hosts = hosts(spec, context);
        ports.requireTellable(spec, hosts.size(), how == EntryPlaces.How.AS_DIALLED);
        var selector = spec.object("workloadSelector", labels -> selector(labels, spec));
        var external = new External(
                context.resource().ref(),
                hosts,
                addresses(spec, how),
                ports.carried(),
                new EntryPlaces(spec, ports).resolution(how),
                exportedTo,
                context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH),
                spec.texts("subjectAltNames"),
                List.of());
        return selector.<Contribution>map(labels -> new Contribution.OfSelecting(external, labels, ports.numbers()))
                .orElseGet(() -> new Contribution.OfExternal(external));
    }

    private static Selector selector(FieldReader labels, FieldReader spec) {
        if (spec.has("endpoints"))
            spec.problem(
                    Codes.EXCLUDES,
                    "workloadSelector",
                    "is set beside endpoints",
                    "keep one of workloadSelector and endpoints");
        var chosen = Labels.of(labels, "labels");
        if (chosen.isEmpty())
            labels.warning(
                    Codes.NO_EFFECT,
                    "",
                    "names no labels, so it selects every WorkloadEntry of the namespace",
                    "name the labels that are meant");
        return new Selector(new TreeMap<>(chosen));
    }

    private static List<String> hosts(FieldReader spec, Context context) {
        var hosts = spec.texts("hosts");
        if (hosts.isEmpty()) spec.missing("hosts");
        warnOfRepeated(spec, hosts);
        for (var host : hosts) {
            if (host.startsWith("*")) spec.notActedOn("hosts", host);
            else if (!Hosts.isHost(host)) spec.problem(Codes.BAD_HOST, "hosts", "'" + host + "' is not a DNS name");
            else if (!context.hosts().isExternal(host, context.resource().namespace())) {
                spec.problem(
                        Codes.BAD_HOST,
                        "hosts",
                        "'" + host + "' is the name of a service of the mesh",
                        "give what is outside a name of its own");
            }
        }
        return hosts.stream().map(Hosts::plain).distinct().toList();
    }

    /** Upstream takes it, and it says nothing more than once. */
    private static void warnOfRepeated(FieldReader spec, List<String> hosts) {
        var seen = new HashSet<String>();
        for (var host : hosts) {
            if (!seen.add(Hosts.plain(host)))
                spec.warning(Codes.NO_EFFECT, "hosts", "names '" + host + "' twice", "write it once");
        }
    }

    /** Addresses and blocks that mean the entry's hosts. */
    private static List<String> addresses(FieldReader spec, EntryPlaces.How how) {
        return spec.texts("addresses").stream()
                .filter(address -> isGood(spec, address, how))
                .toList();
    }

    private static boolean isGood(FieldReader spec, String address, EntryPlaces.How how) {
        if (Addresses.isAddress(address)) return true;
        if (!Addresses.isBlock(address)) {
            spec.problem(Codes.BAD_ADDRESS, "addresses", "'" + address + "' is not an IP address");
            return false;
        }
        if (!how.isByName()) return true;
        spec.problem(
                Codes.BAD_ADDRESS,
                "addresses",
                "has the block " + address + ", and resolution DNS takes single addresses",
                "write each address, or resolution STATIC or NONE");
        return false;
    }
}
