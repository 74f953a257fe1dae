package io.tulle.control.registry;

import io.tulle.control.identity.Svid;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Claimant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Facts as a good sidecar announces them. */
final class Announced {
    private Announced() {}

    static Facts cart(String instance) {
        return of(instance, "cart");
    }

    static Facts of(String instance, String service) {
        return new Facts(
                instance,
                "shop",
                service,
                service,
                Map.of("version", "v1", "team", "déjà vu"),
                "127.0.0.1",
                31000,
                List.of(new Facts.Port(4000, "nest-tcp"), new Facts.Port(3000, "http"), new Facts.Port(9, "")),
                List.of(new Facts.Door(3000, "0.0.0.0", 8080)),
                List.of("nest-tcp", "delta"),
                "0.1.0");
    }

    static Facts on(String host, Facts facts) {
        return with(host, facts.claimant(), facts);
    }

    static Facts by(Claimant run, Facts facts) {
        return with(facts.host(), run, facts);
    }

    private static Facts with(String host, Claimant run, Facts facts) {
        return new Facts(
                facts.instance(),
                facts.namespace(),
                facts.service(),
                facts.account(),
                facts.labels(),
                facts.address(),
                facts.meshPort(),
                facts.ports(),
                facts.doors(),
                facts.capabilities(),
                facts.software(),
                facts.serving(),
                host,
                run);
    }

    static Svid peer(Facts facts) {
        return peer("tulle", facts.namespace(), facts.account(), facts.instance());
    }

    static Svid peer(String domain, String namespace, String account, String instance) {
        return new Svid(SpiffeId.of(domain, namespace, account), Optional.of(instance), Instant.MAX);
    }
}
