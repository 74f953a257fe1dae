package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Gateway;
import io.tulle.model.world.Gateway.Clients;
import io.tulle.model.world.Gateway.Listener;
import io.tulle.model.world.Gateway.SecretRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gateway: doors that the processes {@code tulle gateway NAME}, of its name and namespace, open. */
final class GatewayDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> gateway(spec, context))
                .flatMap(found -> found)
                .<List<Contribution>>map(gateway -> List.of(new Contribution.OfGateway(gateway)))
                .orElse(List.of());
    }

    private static Optional<Gateway> gateway(FieldReader spec, Context context) {
        spec.requiredText("gatewayClassName");
        for (var told : List.of("addresses", "infrastructure", "allowedListeners", "defaultScope")) {
            if (spec.value(told).isPresent())
                spec.warning(
                        Codes.NOT_ACTED_ON,
                        told,
                        "is kept, but changes nothing here",
                        "where a gateway listens is said by `tulle gateway NAME --listen ADDRESS --port 80=8080`");
        }
        var clients = spec.object("tls", tls -> FrontendTls.of(tls, context)).orElse(FrontendTls.NONE);
        spec.atMost(64, "listeners");
        var listeners = spec.objects("listeners", each -> ListenerReader.of(each, context, clients)).stream()
                .flatMap(Optional::stream)
                .toList();
        if (listeners.isEmpty() && !spec.has("listeners")) spec.missing("listeners");
        requireDifferent(spec, listeners);
        var resource = context.resource();
        if (!ServiceName.isLabel(resource.name())) {
            spec.problem(
                    Codes.BAD_NAME,
                    "",
                    "is of a Gateway named '" + resource.name() + "', and no process can have this name",
                    "name it with letters, digits and '-', at most 63");
            return Optional.empty();
        }
        return Optional.of(new Gateway(
                resource.ref(),
                new Gateway.ServedBy.Named(new ServiceName(resource.namespace(), resource.name())),
                listeners,
                resource.metadata().creationTimestamp().orElse(Instant.EPOCH)));
    }

    /** The schema: names differ, and so do port, protocol and hostname together. */
    private static void requireDifferent(FieldReader spec, List<Listener> listeners) {
        var names = new HashSet<String>();
        var places = new HashMap<String, String>();
        for (var listener : listeners) {
            if (!names.add(listener.name()))
                spec.problem(Codes.DUPLICATE_NAME, "listeners", "has two listeners named '" + listener.name() + "'");
            var place = listener.port() + " " + listener.speech() + " "
                    + listener.tls().isPresent() + " " + listener.hosts();
            var other = places.putIfAbsent(place, listener.name());
            if (other != null)
                spec.problem(
                        Codes.DUPLICATE_NAME,
                        "listeners",
                        "has two, '" + other + "' and '" + listener.name()
                                + "', of the same port, protocol and hostname",
                        "give one another port or hostname");
        }
    }

    /**
     * What callers must show, of all ports or of one.
     *
     * @param usual of ports that are not named
     */
    record FrontendTls(Clients usual, Map<Integer, Clients> ports) {
        static final FrontendTls NONE = new FrontendTls(new Clients.Anybody(), Map.of());

        static FrontendTls of(FieldReader tls, Context context) {
            if (tls.value("backend").isPresent()) tls.notActedOn("backend", "");
            return tls.object("frontend", frontend -> {
                        var usual = frontend.object("default", each -> clients(each, context));
                        var ports = new HashMap<Integer, Clients>();
                        frontend.objects("perPort", each -> {
                            var port = each.integer("port", 1, 65535);
                            var asked = each.object("tls", own -> clients(own, context));
                            if (port.isPresent()) ports.put(port.getAsInt(), asked.orElse(new Clients.Anybody()));
                            return each;
                        });
                        return new FrontendTls(usual.orElse(new Clients.Anybody()), ports);
                    })
                    .orElse(NONE);
        }

        Clients at(int port) {
            return ports.getOrDefault(port, usual);
        }

        private static Clients clients(FieldReader tls, Context context) {
            return tls.object("validation", validation -> {
                        var required = validation
                                .choice("mode", Map.of("AllowValidOnly", true, "AllowInsecureFallback", false))
                                .orElse(true);
                        var roots = validation.objects(
                                "caCertificateRefs",
                                ref -> ListenerReader.secret(
                                        ref, context, List.of("ConfigMap", "Secret"), "ConfigMap"));
                        if (roots.isEmpty()) validation.missing("caCertificateRefs");
                        List<SecretRef> named =
                                roots.stream().flatMap(Optional::stream).toList();
                        return (Clients) new Clients.Proven(named, required);
                    })
                    .orElse(new Clients.Anybody());
        }
    }
}
