package io.tulle.dialects.field;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** "Did you mean": the nearest of some known words, where one is near enough to be what was meant. */
public final class Suggestion {
    /** Longer words are nobody's slip of the pen. */
    private static final int LONGEST = 64;

    private Suggestion() {}

    public static Optional<String> of(String written, Collection<String> known) {
        if (written.length() > LONGEST) return Optional.empty();
        var allowed = Math.max(1, written.length() / 3);
        return known.stream()
                .filter(word -> distance(written, word) <= allowed)
                .min(Comparator.<String>comparingInt(word -> distance(written, word))
                        .thenComparing(word -> word));
    }

    /** Edits (insert, delete, replace, swap of neighbours) between two words; case counts nothing. */
    static int distance(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) rows[i][0] = i;
        for (int j = 0; j <= b.length(); j++) rows[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                var cost = same(a, i, b, j) ? 0 : 1;
                rows[i][j] = Math.min(rows[i - 1][j - 1] + cost, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                if (i > 1 && j > 1 && same(a, i, b, j - 1) && same(a, i - 1, b, j)) {
                    rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }
        return rows[a.length()][b.length()];
    }

    private static boolean same(String a, int i, String b, int j) {
        return Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
    }
}
