package io.tulle.proxy.tls;

import io.tulle.model.SpiffeId;
import java.util.Optional;

/** Who is at the other end of a connection, as far as it was proved. */
public sealed interface Peer {
    /** Came in plaintext: the own application, or somebody outside the mesh. */
    Peer ANONYMOUS = new Anonymous();

    Optional<SpiffeId> identity();

    /**
     * Proved by mutual TLS.
     *
     * @param instance the instance's id, from the leaf's DNS SAN
     */
    record Known(SpiffeId id, Optional<String> instance) implements Peer {
        @Override
        public Optional<SpiffeId> identity() {
            return Optional.of(id);
        }
    }

    record Anonymous() implements Peer {
        @Override
        public Optional<SpiffeId> identity() {
            return Optional.empty();
        }
    }
}
