package io.tulle.proxy.nesttcp;

import io.tulle.proxy.plan.Destination;

/** The host that routes and policies may ask about, since a Nest TCP message names none. */
final class Authorities {
    private Authorities() {}

    /** As the own application dialled it; from a peer, the service in its SNI {@code 4000.cart.shop.tulle}. */
    static String of(Destination destination) {
        return switch (destination) {
            case Destination.Outbound outbound -> outbound.host();
            case Destination.Inbound inbound ->
                inbound.serverName().substring(inbound.serverName().indexOf('.') + 1);
            case Destination.Bound _ -> "";
        };
    }
}
