package io.tulle.dialects.field;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Optional;

/** Whether an expression of a user is good RE2 of bearable size: {@code ((a{1000}){1000}){1000}} is 23 characters long. */
public final class Regexes {
    private static final int LONGEST = 1_024;
    private static final long LARGEST = 10_000;

    private Regexes() {}

    /** What is wrong with it; empty when nothing is. */
    public static Optional<String> complaint(String expression) {
        if (expression.length() > LONGEST) return Optional.of("it is longer than " + LONGEST + " characters");
        if (size(expression) > LARGEST)
            return Optional.of("its repetitions multiply to more than " + LARGEST + " steps");
        try {
            Pattern.compile(expression);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of(e.getDescription() + ": " + e.getPattern());
        }
    }

    /** How many steps its counted repetitions unroll to: at least what it really takes, never asked to be exact. */
    static long size(String expression) {
        var outer = new ArrayDeque<Long>();
        long total = 0;
        long last = 1;
        for (int i = 0; i < expression.length(); i++) {
            var c = expression.charAt(i);
            if (c == '\\') {
                i++;
                last = 1;
                total++;
            } else if (c == '[') {
                i = endOfClass(expression, i);
                last = 1;
                total++;
            } else if (c == '(') {
                outer.push(total);
                total = 1;
            } else if (c == ')' && !outer.isEmpty()) {
                last = total;
                total = Math.min(outer.pop() + last, Long.MAX_VALUE / 4);
            } else if (c == '{') {
                var times = times(expression, i);
                total = Math.min(total + last * (times - 1), Long.MAX_VALUE / 4);
                last = Math.min(last * times, Long.MAX_VALUE / 4);
            } else {
                last = 1;
                total++;
            }
            if (total > LARGEST) return total;
        }
        return outer.isEmpty()
                ? total
                : total + outer.stream().mapToLong(Long::longValue).sum();
    }

    private static int endOfClass(String expression, int open) {
        for (int i = open + 2; i < expression.length(); i++) {
            if (expression.charAt(i) == '\\') i++;
            else if (expression.charAt(i) == ']') return i;
        }
        return expression.length();
    }

    /** The larger count of {@code {2,5}}; 1 when the brace counts nothing. */
    private static long times(String expression, int open) {
        var close = expression.indexOf('}', open);
        if (close < 0 || close - open > 12) return 1;
        long most = 1;
        for (var count : expression.substring(open + 1, close).split(",")) {
            if (count.isEmpty() || !count.chars().allMatch(c -> c >= '0' && c <= '9')) continue;
            most = Math.max(most, Long.parseLong(count));
        }
        return most;
    }
}
