package io.tulle.compile;

import io.tulle.model.Protocol;
import io.tulle.model.policy.Authorization;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.WireSpec;
import java.util.List;

/** How a port's protocol is read by a proxy of some capability. */
final class Wire {
    private Wire() {}

    /**
     * What is spoken at a port.
     *
     * @param routes the table for what is routed by request
     * @param connections where connections go that are not
     */
    static WireSpec of(
            Protocol protocol,
            Capability capability,
            String routes,
            List<Target> connections,
            List<Authorization> guards) {
        return switch (protocol) {
            case HTTP, HTTP2, GRPC -> new WireSpec.Http(routes, guards);
            case NEST_TCP ->
                capability == Capability.MESSAGES
                        ? new WireSpec.NestTcp(routes, guards)
                        : new WireSpec.Tcp(connections, guards);
            case TCP -> new WireSpec.Tcp(connections, guards);
            case UNDECLARED ->
                new WireSpec.Detected(new WireSpec.Http(routes, guards), new WireSpec.Tcp(connections, guards));
        };
    }
}
