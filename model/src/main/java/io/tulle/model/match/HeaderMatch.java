package io.tulle.model.match;

import java.util.Locale;

/**
 * A condition on one header. Names ignore case and are kept lower-case. A repeated header is judged as its values joined
 * by a comma (RFC 9110 section 5.3).
 *
 * @param inverted true when the condition must not hold (Istio's {@code withoutHeaders}); a missing header then matches
 */
public record HeaderMatch(String name, TextMatch value, boolean inverted) {
    public HeaderMatch {
        name = name.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("a condition on a header has the name '" + name + "', which is none");
    }
}
