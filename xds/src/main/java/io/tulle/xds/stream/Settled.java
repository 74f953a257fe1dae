package io.tulle.xds.stream;

import io.tulle.xds.Culprit;
import java.util.List;

/**
 * A client has answered for everything that a version holds.
 *
 * @param version the bundle's
 * @param culprits what it refused; empty when all is in use
 */
public record Settled(String version, List<Culprit> culprits) {
    public Settled {
        culprits = List.copyOf(culprits);
    }
}
