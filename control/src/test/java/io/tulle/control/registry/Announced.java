package io.tulle.control.registry;

import io.tulle.control.identity.Svid;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ProxyNode;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.registry.Announcement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a good sidecar says. */
final class Announced {
    private Announced() {}

    static Announcement cart(String instance) {
        return of(instance, "cart");
    }

    static Announcement of(String instance, String service) {
        return new Announcement(
                Instance.of(
                        Workload.of(
                                instance,
                                new ServiceName("shop", service),
                                service,
                                Map.of("version", "v1", "team", "déjà vu"),
                                "127.0.0.1",
                                31000,
                                List.of(
                                        new ServicePort(4000, Protocol.NEST_TCP),
                                        new ServicePort(3000, Protocol.HTTP),
                                        new ServicePort(9, Protocol.UNDECLARED)),
                                List.of(new Workload.Door(3000, "0.0.0.0", 8080))),
                        Set.of(ProxyNode.NEST_TCP, "delta"),
                        Instance.Liveness.LIVE),
                "0.1.0",
                "",
                Claimant.UNTOLD);
    }

    static Announcement on(String host, Announcement said) {
        return new Announcement(said.instance(), said.software(), host, said.claimant());
    }

    static Announcement by(Claimant run, Announcement said) {
        return said.by(run);
    }

    static Svid peer(Announcement said) {
        var workload = said.instance().workload();
        return peer("tulle", workload.service().namespace(), workload.account(), workload.id());
    }

    static Svid peer(String domain, String namespace, String account, String instance) {
        return new Svid(SpiffeId.of(domain, namespace, account), Optional.of(instance), Instant.MAX);
    }
}
