package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.istio.policy.DestinationPolicyReader;
import io.tulle.dialects.istio.policy.Destinations;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Labels;
import io.tulle.dialects.kind.Names;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.world.Destination;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** DestinationRule: how clients treat a host, its ports and its subsets. */
final class DestinationRuleDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> destination(spec, context))
                .<List<Contribution>>map(found -> List.of(new Contribution.OfDestination(found)))
                .orElse(List.of());
    }

    /** A policy and its exceptions by port. */
    private record Leveled(
            PolicySet<DestinationPolicy> policy, SortedMap<Integer, PolicySet<DestinationPolicy>> ports) {
        static final Leveled NONE = new Leveled(DestinationPolicy.NONE, new TreeMap<>());
    }

    private record Named(String name, Destination.Subset subset) {}

    private static Destination destination(FieldReader spec, Context context) {
        var exportedTo = Gateways.exportedTo(spec, context);
        var host = host(spec, context);
        var all = spec.object("trafficPolicy", DestinationRuleDecoder::leveled).orElse(Leveled.NONE);
        var subsets = new TreeMap<String, Destination.Subset>();
        for (var subset : spec.objects("subsets", DestinationRuleDecoder::subset)) {
            if (subsets.put(subset.name(), subset.subset()) != null) {
                spec.problem(Codes.DUPLICATE_NAME, "subsets", "has two subsets named '" + subset.name() + "'");
            }
        }
        var created = context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH);
        return new Destination(context.resource().ref(), host, all.policy(), all.ports(), subsets, exportedTo, created);
    }

    private static String host(FieldReader spec, Context context) {
        var written = spec.text("host").orElse("");
        if (!written.startsWith("*")) return Destinations.host(spec, "host", context);
        if (!written.equals("*") && !(written.startsWith("*.") && Hosts.isHost(written.substring(2)))) {
            spec.problem(Codes.BAD_HOST, "host", "'" + written + "' is no DNS name and no end of some");
        }
        return Hosts.many(written);
    }

    private static Named subset(FieldReader subset) {
        var name = subset.requiredText("name");
        if (!name.isEmpty()) Names.check(subset, "name", name);
        Map<String, String> labels = Labels.of(subset, "labels");
        var policy =
                subset.object("trafficPolicy", DestinationRuleDecoder::leveled).orElse(Leveled.NONE);
        return new Named(name, new Destination.Subset(labels, policy.policy(), policy.ports()));
    }

    private static Leveled leveled(FieldReader policy) {
        requireSomething(
                policy,
                "loadBalancer",
                "connectionPool",
                "outlierDetection",
                "tls",
                "portLevelSettings",
                "tunnel",
                "proxyProtocol",
                "retryBudget");
        var ports = new TreeMap<Integer, PolicySet<DestinationPolicy>>();
        for (var entry : policy.objects("portLevelSettings", DestinationRuleDecoder::port)) {
            if (entry.getKey() > 0 && ports.put(entry.getKey(), entry.getValue()) != null) {
                policy.problem(Codes.DUPLICATE_NAME, "portLevelSettings", "names port " + entry.getKey() + " twice");
            }
        }
        return new Leveled(DestinationPolicyReader.all(policy), ports);
    }

    private static void requireSomething(FieldReader policy, String... fields) {
        if (Stream.of(fields).anyMatch(policy::has)) return;
        policy.problem(
                Codes.MISSING,
                "",
                "says nothing",
                "set one of " + String.join(", ", fields) + ", or remove the mapping");
    }

    private static Map.Entry<Integer, PolicySet<DestinationPolicy>> port(FieldReader settings) {
        if (!settings.has("port")) settings.missing("port");
        requireSomething(settings, "loadBalancer", "connectionPool", "outlierDetection", "tls");
        int number = settings.object("port", port -> {
                    if (!port.has("number")) port.missing("number");
                    return Optional.of(port.integer("number", 1, 65535).orElse(0));
                })
                .flatMap(found -> found)
                .orElse(0);
        return Map.entry(number, DestinationPolicyReader.all(settings));
    }
}
