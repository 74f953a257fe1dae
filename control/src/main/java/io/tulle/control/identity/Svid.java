package io.tulle.control.identity;

import io.tulle.model.SpiffeId;
import java.time.Instant;
import java.util.Optional;

/** Who a verified peer is: its identity, and the instance where its leaf names exactly one. */
public record Svid(SpiffeId id, Optional<String> instance, Instant notAfter) {}
