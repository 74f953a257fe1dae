package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Labels;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Scope;
import io.tulle.model.world.Scope.Reach;
import io.tulle.model.world.Selector;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Sidecar: which destinations the workloads of a namespace hear of. */
final class SidecarDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> scope(spec, context)).flatMap(found -> found).stream()
                .<Contribution>map(Contribution.OfScope::new)
                .toList();
    }

    private static Optional<Scope> scope(FieldReader spec, Context context) {
        if (Stream.of("egress", "ingress", "outboundTrafficPolicy", "inboundConnectionPool")
                .noneMatch(spec::has)) spec.missing("egress");
        var selector = spec.object("workloadSelector", SidecarDecoder::selector).orElse(Selector.ALL);
        // REGISTRY_ONLY forbids what nobody forbids here yet: it is refused, so that nobody relies on it.
        spec.object("outboundTrafficPolicy", policy -> policy.choice("mode", Map.of("ALLOW_ANY", true)));
        var listeners = spec.objects("egress", listener -> reaches(listener, context));
        if (listeners.size() > 1)
            spec.problem(
                    Codes.EXCLUDES,
                    "egress",
                    "has " + listeners.size() + " listeners without a port, and one is allowed",
                    "write all hosts into one of them");
        if (listeners.isEmpty()) return Optional.empty();
        var created = context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH);
        return Optional.of(new Scope(context.resource().ref(), selector, listeners.getFirst(), created));
    }

    private static Selector selector(FieldReader labels) {
        var chosen = Labels.of(labels, "labels");
        if (chosen.isEmpty())
            labels.warning(
                    Codes.NO_EFFECT,
                    "",
                    "names no labels, so it holds for every workload of the namespace",
                    "name the labels that are meant, or leave workloadSelector out to say the same plainly");
        return new Selector(new TreeMap<>(chosen));
    }

    private static List<Reach> reaches(FieldReader listener, Context context) {
        listener.accept("captureMode", "DEFAULT", "IPTABLES");
        var hosts = listener.texts("hosts");
        if (hosts.isEmpty()) listener.missing("hosts");
        var seen = new HashSet<String>();
        for (var host : hosts) {
            if (!seen.add(host))
                listener.warning(Codes.NO_EFFECT, "hosts", "names '" + host + "' twice", "write it once");
        }
        return hosts.stream()
                .flatMap(host -> reach(listener, host, context).stream())
                .toList();
    }

    /** {@code NAMESPACE/HOST}: {@code .} is the own namespace, {@code *} every one, {@code ~} none. */
    private static Optional<Reach> reach(FieldReader listener, String written, Context context) {
        var slash = written.indexOf('/');
        var namespace = slash < 0 ? "" : written.substring(0, slash);
        var host = written.substring(slash + 1);
        var isNamespace = List.of("*", ".", "~").contains(namespace) || ServiceName.isLabel(namespace);
        var isHost = host.equals("*") || Hosts.isHost(host.startsWith("*.") ? host.substring(2) : host);
        if (!isNamespace || !isHost) {
            listener.problem(
                    Codes.BAD_HOST,
                    "hosts",
                    "'" + written + "' is no NAMESPACE/HOST",
                    "write ./*, shop/*, */api.example.com or ~/*");
            return Optional.empty();
        }
        if (namespace.equals("~")) return Optional.empty();
        var own = context.resource().namespace();
        var owner =
                namespace.equals("*") ? Optional.<String>empty() : Optional.of(namespace.equals(".") ? own : namespace);
        return Optional.of(new Reach(owner, meant(host, owner.orElse(own), context)));
    }

    private static String meant(String host, String namespace, Context context) {
        if (host.equals("*")) return host;
        return host.startsWith("*") ? Hosts.many(host) : context.hosts().resolve(host, namespace);
    }
}
