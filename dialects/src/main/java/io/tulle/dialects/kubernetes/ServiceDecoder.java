package io.tulle.dialects.kubernetes;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Exports;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.Protocols;
import io.tulle.dialects.reader.Node;
import io.tulle.model.ServiceName;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.HashKey;
import io.tulle.model.world.External;
import io.tulle.model.world.Selector;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Service. What a cluster would open to callers from outside (NodePort, LoadBalancer) is told and left to {@code --publish};
 * an ExternalName is a destination outside the mesh under a name of the mesh, or another name of a service of it.
 */
final class ServiceDecoder implements Decoder {
    private static final String EXPORT_TO = "networking.istio.io/exportTo";

    private enum Type {
        INSIDE,
        OUTSIDE_TOO,
        EXTERNAL
    }

    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        var name = context.resource().name();
        if (!ServiceName.isLabel(name)) {
            fields.problem(Codes.BAD_METADATA, "", "the name of a Service is a DNS label, not '" + name + "'");
            return List.of();
        }
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object(
                        "spec",
                        spec -> spec(spec, new ServiceName(context.resource().namespace(), name), context))
                .map(List::of)
                .orElse(List.of());
    }

    private static Contribution spec(FieldReader spec, ServiceName name, Context context) {
        var type = spec.choice(
                        "type",
                        Map.of(
                                "ClusterIP", Type.INSIDE,
                                "NodePort", Type.OUTSIDE_TOO,
                                "LoadBalancer", Type.OUTSIDE_TOO,
                                "ExternalName", Type.EXTERNAL))
                .orElse(Type.INSIDE);
        spec.accept("internalTrafficPolicy", "Cluster");
        var affinity = affinity(spec);
        spec.accept(
                "ipFamilyPolicy", "SingleStack", "PreferDualStack", "RequireDualStack"); // of a cluster's own addresses
        spec.value("ipFamilies");
        fromOutside(spec, type == Type.OUTSIDE_TOO);
        var exportedTo = exportedTo(spec, context);
        var ports = ports(spec);
        var selector = spec.textMap("selector");
        if (type == Type.EXTERNAL) return new Contribution.OfExternal(external(spec, name, ports, exportedTo, context));
        if (ports.isEmpty() && !spec.has("ports") && !isHeadless(spec)) spec.missing("ports");
        return new Contribution.OfService(new Service(
                name,
                ports,
                addresses(spec),
                selector.isEmpty() ? Optional.empty() : Optional.of(new Selector(selector)),
                exportedTo,
                affinity));
    }

    /**
     * {@code ClientIP}: all that comes from one address goes to one endpoint. By a hash of the address that lasts as long as the
     * endpoint does, and so at least as long as the timeout, which ends an affinity that was drawn.
     */
    private static Optional<Balancing> affinity(FieldReader spec) {
        var byAddress = spec.choice("sessionAffinity", Map.of("None", false, "ClientIP", true))
                .orElse(false);
        spec.object(
                "sessionAffinityConfig",
                config -> config.object("clientIP", ip -> ip.integer("timeoutSeconds", 1, 86_400)));
        if (!byAddress) return Optional.empty();
        return Optional.of(new Balancing(
                new Balancing.RingHash(Optional.of(new HashKey.SourceAddress()), Balancing.RingHash.USUAL_SIZE)));
    }

    /** How callers from outside a cluster come in; here they come in by ports that are published at an instance. */
    private static void fromOutside(FieldReader spec, boolean asked) {
        spec.texts("loadBalancerSourceRanges");
        spec.choice("externalTrafficPolicy", Map.of("Cluster", true, "Local", true));
        List.of("loadBalancerIP", "loadBalancerClass").forEach(spec::text);
        spec.integer("healthCheckNodePort", 0, 65535);
        spec.flag("allocateLoadBalancerNodePorts");
        var addresses = spec.texts("externalIPs");
        if (!asked && addresses.isEmpty()) return;
        spec.warning(
                Codes.NOT_ACTED_ON,
                asked ? "type" : "externalIPs",
                "opens no port to callers outside the mesh",
                "publish a port of an instance with `tulle run --publish`, or with `ports` in a Compose file");
    }

    /** Who sees it, by the annotation that Istio reads of a Service. */
    private static Visibility exportedTo(FieldReader spec, Context context) {
        var resource = context.resource();
        var written = resource.metadata().annotations().get(EXPORT_TO);
        if (written == null) return Visibility.EVERYWHERE;
        var each = Stream.of(written.split(",", -1)).map(String::strip).toList();
        var exports = Exports.of(each, resource.namespace(), true);
        exports.wrong()
                .ifPresent(
                        wrong -> spec.problem(
                                Codes.OUT_OF_RANGE,
                                "",
                                "is annotated with " + EXPORT_TO + ", which " + wrong,
                                "write namespaces, each once, \".\" for its own, \"~\" alone for none, or \"*\" alone for all"));
        return exports.to();
    }

    private static External external(
            FieldReader spec, ServiceName name, List<ServicePort> ports, Visibility exportedTo, Context context) {
        var written = spec.requiredText("externalName");
        if (!written.isEmpty() && !Hosts.isName(written)) {
            spec.problem(Codes.BAD_HOST, "externalName", "'" + written + "' is not a DNS name");
        }
        if (context.hosts().isService(written)) {
            List.of("clusterIP", "clusterIPs").forEach(spec::value);
            return external(name, List.of(), new External.Resolution.Alias(context.host(written)), exportedTo, context);
        }
        if (ports.isEmpty()) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "ports",
                    "are not declared, so the name leads nowhere in the mesh",
                    "declare the ports that applications dial");
        }
        List.of("clusterIP", "clusterIPs").forEach(spec::value);
        var outside = ports.stream()
                .map(port -> new External.Port(
                        port.port(), port.protocol(), port.target().orElse(port.port())))
                .toList();
        var resolution = new External.Resolution.Dns(Optional.of(Hosts.plain(written)));
        return external(name, outside, resolution, exportedTo, context);
    }

    private static External external(
            ServiceName name,
            List<External.Port> ports,
            External.Resolution resolution,
            Visibility exportedTo,
            Context context) {
        var created = context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH);
        return new External(
                context.resource().ref(), List.of(name.host()), List.of(), ports, resolution, exportedTo, created);
    }

    private static List<ServicePort> ports(FieldReader spec) {
        var names = new ArrayList<String>();
        var ports = spec.objects("ports", port -> port(port, names)).stream()
                .flatMap(Optional::stream)
                .toList();
        var numbers = new HashSet<Integer>();
        for (var port : ports) {
            if (!numbers.add(port.port())) {
                spec.problem(Codes.DUPLICATE_NAME, "ports", "has port " + port.port() + " twice");
            }
        }
        requireNames(spec, names);
        return ports;
    }

    /** Kubernetes' rule: each port of several has a name of its own. */
    private static void requireNames(FieldReader spec, List<String> names) {
        var seen = new HashSet<String>();
        for (var name : names) {
            if (name.isEmpty() && names.size() > 1) {
                spec.problem(Codes.MISSING, "ports", "has a port without a name", "name each of several ports");
            } else if (!name.isEmpty() && !ServiceName.isLabel(name)) {
                spec.problem(Codes.BAD_NAME, "ports", "has a port named '" + name + "'");
            } else if (!seen.add(name)) {
                spec.problem(Codes.DUPLICATE_NAME, "ports", "names two ports '" + name + "'", "rename one of them");
            }
        }
    }

    private static boolean isHeadless(FieldReader spec) {
        return spec.text("clusterIP").filter("None"::equals).isPresent();
    }

    private static List<String> addresses(FieldReader spec) {
        var all = new TreeSet<>(spec.texts("clusterIPs"));
        spec.text("clusterIP").ifPresent(all::add);
        all.remove("None");
        all.remove("");
        return List.copyOf(all);
    }

    /** Empty for a port that is not TCP: the mesh leaves such traffic alone. */
    private static Optional<ServicePort> port(FieldReader port, List<String> names) {
        if (!port.has("port")) port.missing("port");
        var number = port.integer("port", 1, 65535).orElse(1);
        var name = port.text("name").orElse("");
        names.add(name);
        var target = target(port, number);
        port.integer("nodePort", 0, 65535); // opens nothing here, as the type's warning says
        var protocol = Protocols.of(port, "appProtocol", name);
        var transport = port.choice("protocol", Map.of("TCP", "TCP", "UDP", "UDP", "SCTP", "SCTP"))
                .orElse("TCP");
        if (!transport.equals("TCP")) {
            port.warning(
                    Codes.NOT_ACTED_ON,
                    "protocol",
                    "is " + transport + ": the mesh carries TCP, and leaves this port alone",
                    "nothing to do if the application does without the mesh there");
            return Optional.empty();
        }
        return Optional.of(new ServicePort(number, protocol, target, name));
    }

    /** The port at which instances serve it; empty for one that is given by name. */
    private static OptionalInt target(FieldReader port, int number) {
        return switch (port.value("targetPort").orElse(Node.of(number))) {
            case Node.Numeral _ -> {
                var target = port.integer("targetPort", 0, 65535).orElse(number);
                yield OptionalInt.of(target == 0 ? number : target); // 0 is what clients write for "not said"
            }
            case Node.Text(var _, var name) when !name.isEmpty() -> OptionalInt.empty();
            case Node.Text _, Node.Null _ -> OptionalInt.of(number);
            case Node.Mapping _, Node.Sequence _, Node.Bool _ -> {
                port.problem(Codes.WRONG_TYPE, "targetPort", "must be a port or the name of one", "write a port");
                yield OptionalInt.of(number);
            }
        };
    }
}
