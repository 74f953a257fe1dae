package io.tulle.dialects.kubernetes;

import io.tulle.dialects.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Protocols;
import io.tulle.dialects.reader.Node;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Selector;
import io.tulle.model.world.Service;
import io.tulle.model.world.ServicePort;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Service. Fields that a cluster fills in with values that change nothing here are taken; a {@code targetPort} that
 * differs from its port is refused, because an instance announces its ports itself.
 */
final class ServiceDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        var name = context.resource().name();
        if (!ServiceName.isLabel(name)) {
            fields.problem(Codes.BAD_METADATA, "", "the name of a Service is a DNS label, not '" + name + "'");
            return List.of();
        }
        if (!fields.has("spec")) fields.missing("spec");
        var service = fields.object(
                "spec", spec -> service(spec, new ServiceName(context.resource().namespace(), name)));
        return service.<List<Contribution>>map(s -> List.of(new Contribution.OfService(s)))
                .orElse(List.of());
    }

    private static Service service(FieldReader spec, ServiceName name) {
        acceptDefaults(spec);
        var ports = spec.objects("ports", ServiceDecoder::port);
        var numbers = new HashSet<Integer>();
        for (var port : ports) {
            if (!numbers.add(port.port())) {
                spec.problem(Codes.DUPLICATE_NAME, "ports", "has port " + port.port() + " twice");
            }
        }
        if (ports.isEmpty() && !spec.has("ports")) spec.missing("ports");
        var selector = spec.textMap("selector");
        return new Service(
                name,
                ports,
                addresses(spec),
                selector.isEmpty() ? Optional.empty() : Optional.of(new Selector(selector)));
    }

    private static List<String> addresses(FieldReader spec) {
        var all = new TreeSet<>(spec.texts("clusterIPs"));
        spec.text("clusterIP").ifPresent(all::add);
        all.remove("None");
        all.remove("");
        return List.copyOf(all);
    }

    private static void acceptDefaults(FieldReader spec) {
        spec.choice("type", Map.of("ClusterIP", true));
        spec.accept("sessionAffinity", "None");
        spec.accept("internalTrafficPolicy", "Cluster");
        spec.accept("ipFamilyPolicy", "SingleStack", "PreferDualStack");
        spec.value("ipFamilies");
    }

    private static ServicePort port(FieldReader port) {
        if (!port.has("port")) port.missing("port");
        var number = port.integer("port", 1, 65535).orElse(1);
        var name = port.text("name").orElse("");
        port.accept("protocol", "TCP");
        port.value("targetPort")
                .filter(target -> !means(target, number, name))
                .ifPresent(target -> port.problem(
                        Codes.NOT_ACTED_ON,
                        "targetPort",
                        "differs from port " + number
                                + ", and in Tulle a service's port is the one that its instances serve",
                        "write the port that the application listens on as port, and leave targetPort out"));
        var protocol = Protocols.of(port, "appProtocol", name);
        return new ServicePort(number, protocol);
    }

    private static boolean means(Node target, int number, String name) {
        return switch (target) {
            case Node.Numeral(var _, var value) -> value.doubleValue() == number;
            case Node.Text(var _, var text) -> text.equals(name) || text.equals(Integer.toString(number));
            case Node.Mapping _, Node.Sequence _, Node.Bool _, Node.Null _ -> false;
        };
    }
}
