package io.tulle.proxy.nesttcp;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.regex.Pattern;

/**
 * Keys that Nest cannot order. It sorts a pattern's keys with {@code localeCompare}, for which canonically equal texts, and
 * texts that differ in ignorable characters alone, are the same: their order is then the sender's, and one object has two
 * routes.
 */
final class Lookalikes {
    /** What the Unicode collation leaves out: controls, format characters, variation selectors. */
    private static final Pattern IGNORED =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cn}\\uFE00-\\uFE0F\\u034F\\u115F\\u1160\\u3164]");

    private Lookalikes() {}

    /** Whether no two of the keys compare as equal. */
    static boolean areApart(Collection<String> keys) {
        if (keys.size() < 2 || keys.stream().allMatch(Lookalikes::isPrintableAscii)) return true;
        var seen = new HashSet<String>();
        for (var key : keys) {
            var left = IGNORED.matcher(Normalizer.normalize(key, Normalizer.Form.NFD))
                    .replaceAll("");
            if (!seen.add(left)) return false;
        }
        return true;
    }

    /** What keys are made of nearly always: different texts of it never compare as equal. */
    private static boolean isPrintableAscii(String key) {
        return key.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }
}
