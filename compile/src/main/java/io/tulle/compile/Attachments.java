package io.tulle.compile;

import io.tulle.model.world.Gateway;
import io.tulle.model.world.Gateway.Listener;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Routing.Attachment;
import io.tulle.model.world.World;
import java.util.List;
import java.util.Optional;

/** Which routes are attached to which listeners of a gateway, and why others are not (Gateway API: route attachment). */
public final class Attachments {
    private final World world;

    public Attachments(World world) {
        this.world = world;
    }

    /** Why a route does not hold at any of the listeners that it names, as Gateway API's condition {@code Accepted} says it. */
    public enum Refusal {
        /** No listener has this name and port. */
        NO_MATCHING_PARENT,
        /** None of them lets routes of its kind and namespace in. */
        NOT_ALLOWED_BY_LISTENERS,
        /** None of them has a host name in common with it. */
        NO_MATCHING_LISTENER_HOSTNAME
    }

    /** The routes that hold at a listener, the older first. */
    public List<Routing> of(Gateway gateway, Listener listener) {
        return world.routings().stream()
                .filter(routing -> isVisible(routing, gateway))
                .filter(routing ->
                        routing.edge().gateways().stream().anyMatch(attachment -> names(attachment, gateway, listener)))
                .filter(routing -> admits(gateway, listener, routing))
                .filter(routing -> isMeant(listener, routing))
                .toList();
    }

    /** Why one of a route's attachments to a gateway holds nowhere; empty where it holds somewhere. */
    public Optional<Refusal> refusal(Routing routing, Attachment attachment, Gateway gateway) {
        var named = gateway.listeners().stream()
                .filter(listener -> names(attachment, gateway, listener))
                .toList();
        if (named.isEmpty()) return Optional.of(Refusal.NO_MATCHING_PARENT);
        var open = named.stream()
                .filter(listener -> admits(gateway, listener, routing))
                .toList();
        if (open.isEmpty()) return Optional.of(Refusal.NOT_ALLOWED_BY_LISTENERS);
        return open.stream().anyMatch(listener -> isMeant(listener, routing))
                ? Optional.empty()
                : Optional.of(Refusal.NO_MATCHING_LISTENER_HOSTNAME);
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
