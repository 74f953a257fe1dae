package io.tulle.xds.codec;

import io.tulle.xds.XdsCode;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sees to it that every alternative of a group is of one kind, and that no kind has two groups: both would change meaning. */
final class Once {
    private final Set<String> seen = new HashSet<>();
    private boolean negated;
    private @Nullable String kind;
    private @Nullable Node group;

    void begin(boolean isNegated, Node of) {
        negated = isNegated;
        kind = null;
        group = of;
    }

    /** 0 for wanted, 1 for unwanted. */
    int in(String wanted) {
        if (kind == null) {
            kind = wanted;
            if (!seen.add((negated ? "not " : "") + wanted)) throw refused("two groups of " + wanted);
        } else if (!Objects.equals(kind, wanted)) {
            throw refused("alternatives of different kinds, " + kind + " and " + wanted);
        }
        return negated ? 1 : 0;
    }

    private Refused refused(String what) {
        var where = group == null ? "" : group.where();
        return new Refused(XdsCode.UNSUPPORTED, "a policy with " + what + " is not supported: " + where);
    }
}
