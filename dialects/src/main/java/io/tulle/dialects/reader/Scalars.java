package io.tulle.dialects.reader;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a plain scalar is: YAML 1.2 section 10.3.2, the core schema. */
final class Scalars {
    /** Longer digits say nothing that a mesh could use, and cost more than linear time to read. */
    private static final int LONGEST_NUMBER = 64;

    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern NO_JSON = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private Scalars() {}

    static Node of(Place place, String written, boolean plain, List<Problem> problems) {
        if (!plain) return new Node.Text(place, written);
        return switch (written) {
            case "", "~", "null", "Null", "NULL" -> new Node.Null(place);
            case "true", "True", "TRUE" -> new Node.Bool(place, true);
            case "false", "False", "FALSE" -> new Node.Bool(place, false);
            default -> numberOrText(place, written, problems);
        };
    }

    /** Whether a text would read back as something else than text if it stood unquoted. */
    static boolean isAmbiguous(String text) {
        return !(of(Node.MADE, text, true, new java.util.ArrayList<>()) instanceof Node.Text);
    }

    private static Node numberOrText(Place place, String written, List<Problem> problems) {
        var first = written.charAt(0);
        var mayBeNumber = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
        if (!mayBeNumber) return new Node.Text(place, written);
        if (NO_JSON.matcher(written).matches()) {
            problems.add(Codes.NO_NUMBER
                    .problem(written + " is no number that JSON has")
                    .at(place));
            return new Node.Null(place);
        }
        if (!looksLikeNumber(written)) return new Node.Text(place, written);
        return number(written)
                .<Node>map(value -> new Node.Numeral(place, value))
                .orElseGet(() -> {
                    problems.add(Codes.NO_NUMBER
                            .problem("a number of " + written.length() + " characters is out of reach")
                            .at(place));
                    return new Node.Null(place);
                });
    }

    private static boolean looksLikeNumber(String written) {
        return DECIMAL.matcher(written).matches()
                || OCTAL.matcher(written).matches()
                || HEX.matcher(written).matches();
    }

    /** The value of a number, where it is one of bearable size. */
    static Optional<BigDecimal> number(String written) {
        if (written.length() > LONGEST_NUMBER) return Optional.empty();
        if (written.startsWith("0o")) return Optional.of(new BigDecimal(new BigInteger(written.substring(2), 8)));
        if (written.startsWith("0x")) return Optional.of(new BigDecimal(new BigInteger(written.substring(2), 16)));
        try {
            var value = new BigDecimal(written);
            return Math.abs((long) value.scale()) > 1_000 ? Optional.empty() : Optional.of(value);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
