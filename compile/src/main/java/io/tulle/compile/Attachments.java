package io.tulle.compile;

import io.tulle.model.world.Gateway;
import io.tulle.model.world.Gateway.Listener;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Routing.Attachment;
import io.tulle.model.world.World;
import java.util.List;

/** Which routes are attached to which listeners of a gateway (Gateway API: route attachment). */
final class Attachments {
    private final World world;

    Attachments(World world) {
        this.world = world;
    }

    /** The routes that hold at a listener, the older first. */
    List<Routing> of(Gateway gateway, Listener listener) {
        return world.routings().stream()
                .filter(routing -> isVisible(routing, gateway))
                .filter(routing ->
                        routing.edge().gateways().stream().anyMatch(attachment -> names(attachment, gateway, listener)))
                .filter(routing -> admits(gateway, listener, routing))
                .filter(routing -> isMeant(listener, routing))
                .toList();
    }

    private static boolean names(Attachment attachment, Gateway gateway, Listener listener) {
        return attachment.gateway().equals(gateway.source())
                && attachment.listener().map(listener.name()::equals).orElse(true)
                && (attachment.port().isEmpty() || attachment.port().getAsInt() == listener.port());
    }

    private boolean admits(Gateway gateway, Listener listener, Routing routing) {
        var namespace = routing.source().namespace();
        return listener.admits()
                .admits(
                        routing.source().kind(),
                        namespace,
                        world.edge().labelsOf(namespace),
                        gateway.source().namespace());
    }

    private static boolean isMeant(Listener listener, Routing routing) {
        return Domains.orAll(routing.edge().hosts()).stream()
                .anyMatch(host -> Domains.orAll(listener.hosts()).stream()
                        .anyMatch(own -> Domains.both(own, host).isPresent()));
    }

    /** Istio: a rule that is not exported to the gateway's namespace does not exist there. */
    private static boolean isVisible(Routing routing, Gateway gateway) {
        return routing.exportedTo().includes(gateway.source().namespace());
    }
}
