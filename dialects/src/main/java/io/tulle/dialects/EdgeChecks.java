package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.world.Gateway;
import io.tulle.model.world.Gateway.Listener;
import io.tulle.model.world.Gateway.SecretRef;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.TlsSecret;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What only shows of gateways when resources are seen together: routes to none, and doors without a certificate. */
final class EdgeChecks {
    private final World world;
    private final BiFunction<ResourceRef, String, Problem.Place> place;
    private final List<Problem> problems = new ArrayList<>();

    /** @param place where a resource says a word */
    EdgeChecks(World world, BiFunction<ResourceRef, String, Problem.Place> place) {
        this.world = world;
        this.place = place;
    }

    List<Problem> run() {
        for (var routing : world.routings()) {
            for (var attachment : routing.edge().gateways()) {
                if (world.edge().gateway(attachment.gateway()).isPresent()) continue;
                problems.add(Codes.UNKNOWN_GATEWAY
                        .warning(
                                routing.source() + " names the " + attachment.gateway() + ", which nobody has declared")
                        .at(place.apply(routing.source(), attachment.gateway().name())));
            }
        }
        for (var gateway : world.edge().gateways()) {
            for (var listener : gateway.listeners()) certificates(gateway, listener);
        }
        return problems;
    }

    private void certificates(Gateway gateway, Listener listener) {
        for (var ref : listener.tls().map(Gateway.Termination::certificates).orElse(List.of())) {
            // A credential is looked for where the gateway runs, and nobody has said yet where that is.
            if (ref.namespace().isEmpty()
                    || secret(ref).flatMap(TlsSecret::pair).isPresent()) continue;
            problems.add(Codes.NO_CERTIFICATE
                    .warning(gateway.source() + ": listener " + listener.name() + " shows the certificate of Secret "
                            + ref.namespace().get() + "/" + ref.name() + ", which is not there; it stays shut")
                    .at(place.apply(gateway.source(), ref.name())));
        }
    }

    private Optional<TlsSecret> secret(SecretRef ref) {
        return Optional.ofNullable(world.edge()
                .secrets()
                .get(new ResourceRef(ref.kind(), ref.namespace().orElse(""), ref.name())));
    }
}
