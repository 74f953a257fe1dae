package io.tulle.control.identity;

import io.tulle.model.SpiffeId;
import java.time.Instant;
import java.util.Optional;

/** Who a verified peer is: its identity, the instance where its leaf names exactly one, and what it may say of itself. */
public record Svid(SpiffeId id, Optional<String> instance, Instant notAfter, Claims claims) {
    /** One that may say of itself what its account may. */
    public Svid(SpiffeId id, Optional<String> instance, Instant notAfter) {
        this(id, instance, notAfter, Claims.OWN);
    }
}
