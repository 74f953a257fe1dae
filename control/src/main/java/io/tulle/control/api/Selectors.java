package io.tulle.control.api;

import io.tulle.control.store.Query;
import io.tulle.model.world.LabelSelector;
import io.tulle.model.world.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code labelSelector} (all of Kubernetes' syntax) and {@code fieldSelector} (name and namespace). */
final class Selectors {
    private static final int MAX_LENGTH = 8192;

    private Selectors() {}

    static LabelSelector labels(String text) {
        if (text.length() > MAX_LENGTH) throw ApiCode.BAD_SELECTOR.because("labelSelector is too long");
        var requirements = new ArrayList<Requirement>();
        for (var part : split(text)) requirements.add(requirement(part));
        return new LabelSelector(requirements);
    }

    static Query fields(Query query, String text) {
        var narrowed = query;
        for (var part : split(text)) {
            var equals = part.indexOf('=');
            if (equals < 1 || part.charAt(equals - 1) == '!') throw unknownField(part);
            var value = part.substring(part.startsWith("==", equals) ? equals + 2 : equals + 1)
                    .strip();
            narrowed = switch (part.substring(0, equals).strip()) {
                case "metadata.name" -> narrowed.named(value);
                case "metadata.namespace" -> narrowed.in(value);
                default -> throw unknownField(part);
            };
        }
        return narrowed;
    }

    private static Refusal unknownField(String part) {
        return ApiCode.BAD_SELECTOR.because(
                "fieldSelector '" + part + "' is not metadata.name=… or metadata.namespace=…");
    }

    /** At commas outside parentheses. */
    private static List<String> split(String text) {
        var parts = new ArrayList<String>();
        var inside = false;
        var from = 0;
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '(' || c == ')') inside = c == '(';
            if (c == ',' && !inside) {
                parts.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        if (!text.isBlank()) parts.add(text.substring(from).strip());
        return parts;
    }

    private static Requirement requirement(String part) {
        if (part.endsWith(")")) return ofSet(part);
        var equals = part.indexOf('=');
        if (equals < 0) {
            if (part.startsWith("!")) return new Requirement.Missing(key(part.substring(1), part));
            return new Requirement.Exists(key(part, part));
        }
        var not = equals > 0 && part.charAt(equals - 1) == '!';
        var label = key(part.substring(0, not ? equals - 1 : equals), part);
        var value = part.substring(part.startsWith("==", equals) ? equals + 2 : equals + 1);
        var values = Set.of(value(value, part));
        return not ? new Requirement.NotIn(label, values) : new Requirement.In(label, values);
    }

    private static Requirement ofSet(String part) {
        var open = part.indexOf('(');
        var words = part.substring(0, Math.max(open, 0)).strip().split("\\s+");
        if (words.length != 2) throw unreadable(part);
        var values = Arrays.stream(part.substring(open + 1, part.length() - 1).split(",", -1))
                .map(value -> value(value, part))
                .collect(Collectors.toUnmodifiableSet());
        return switch (words[1]) {
            case "in" -> new Requirement.In(key(words[0], part), values);
            case "notin" -> new Requirement.NotIn(key(words[0], part), values);
            default -> throw unreadable(part);
        };
    }

    private static String key(String text, String part) {
        var key = text.strip();
        try {
            Names.labelKey(key, "labelSelector");
        } catch (Refusal _) {
            throw unreadable(part);
        }
        return key;
    }

    private static String value(String text, String part) {
        var value = text.strip();
        if (!Names.isLabelValue(value)) throw unreadable(part);
        return value;
    }

    private static Refusal unreadable(String part) {
        return ApiCode.BAD_SELECTOR.because("labelSelector: '" + part + "' cannot be read");
    }
}
