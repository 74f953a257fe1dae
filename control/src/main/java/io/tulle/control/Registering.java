package io.tulle.control;

import io.tulle.control.identity.Checked;
import io.tulle.control.identity.SvidVerifier;
import io.tulle.control.registry.Lease;
import io.tulle.control.registry.Registry;
import io.tulle.control.traffic.Traffic;
import io.tulle.model.world.Serving;
import io.tulle.xds.Reply;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.Beat;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.server.Peer;
import io.tulle.xds.server.RegistryHandler;
import java.time.Duration;

/** Brings what instances say at the edge to the registry, as the identity that their certificate proves. */
record Registering(Registry registry, Traffic traffic, SvidVerifier verifier) implements RegistryHandler {
    @Override
    public Reply<Holding> register(Announcement announcement, Peer peer) {
        return switch (verifier.verify(peer.chain()).then(svid -> registry.register(svid, announcement))) {
            case Checked.Fit<Lease>(var lease) -> new Reply.Granted<>(new Held(registry, traffic, lease));
            case Checked.Refused<Lease>(var problem) -> new Reply.Refused<>(problem);
        };
    }

    @Override
    public void ended(String instance, String run) {
        registry.ended(instance, run);
    }

    private record Held(Registry registry, Traffic traffic, Lease kept) implements Holding {
        @Override
        public Duration lease() {
            return registry.settings().ttl();
        }

        @Override
        public Beat heartbeat(TrafficReport report) {
            return switch (registry.heartbeat(kept)) {
                case KEPT -> {
                    traffic.heard(kept.instance(), report);
                    report.refusing().forEach(registry::unreachable);
                    yield Beat.KEPT;
                }
                case GONE -> Beat.GONE;
                case REPLACED -> Beat.REPLACED;
            };
        }

        @Override
        public void serving(Serving now) {
            registry.serving(kept, now);
        }

        @Override
        public void leave() {
            registry.leave(kept);
        }

        @Override
        public void lost() {
            registry.lost(kept);
        }
    }
}
