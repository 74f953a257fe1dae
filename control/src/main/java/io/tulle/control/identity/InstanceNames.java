package io.tulle.control.identity;

import io.tulle.model.SpiffeId;
import java.util.Optional;

/** Who holds an instance id now; the registry knows. */
@FunctionalInterface
public interface InstanceNames {
    Optional<SpiffeId> holderOf(String instance);
}
