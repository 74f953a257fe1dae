package io.tulle.xds;

import io.tulle.xds.spec.ResourceType;

/**
 * One resource that a proxy has refused; it keeps the last good one of that name, and the others that came with it.
 *
 * @param code TUL14xx or TUL17xx; TUL1405 when the client named no culprit, and so may have refused its siblings too
 */
public record Culprit(ResourceType type, String name, String code, String reason) {
    @Override
    public String toString() {
        return code + " " + type + " " + name + ": " + reason;
    }
}
