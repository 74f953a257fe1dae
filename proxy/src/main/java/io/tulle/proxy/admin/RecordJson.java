package io.tulle.proxy.admin;

import io.tulle.model.policy.PolicySet;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Prints our plain records as JSON, by their own component names: a record is an object with its kind, an absent optional
 * is left out. For people and {@code jq}; nothing reads it back.
 */
final class RecordJson {
    private final StringBuilder out = new StringBuilder(1024);

    private RecordJson() {}

    static String of(Object value) {
        var json = new RecordJson();
        json.value(value, 0);
        return json.out.append('\n').toString();
    }

    private void value(@Nullable Object value, int depth) {
        switch (value) {
            case null -> out.append("null");
            case Optional<?> optional -> value(optional.orElse(null), depth);
            case OptionalInt optional -> value(optional.isPresent() ? optional.getAsInt() : null, depth);
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            case Map<?, ?> map -> object(map, depth);
            case Collection<?> all -> array(all, depth);
            case PolicySet<?> policies -> array(policies.all(), depth);
            case Record record -> record(record, depth);
            default -> string(String.valueOf(value));
        }
    }

    private void record(Record record, int depth) {
        out.append("{\"@\": ");
        string(record.getClass().getSimpleName());
        for (var component : record.getClass().getRecordComponents()) {
            var value = read(record, component);
            if (isAbsent(value)) continue;
            out.append(",\n").append("  ".repeat(depth + 1));
            string(component.getName());
            out.append(": ");
            value(value, depth + 1);
        }
        out.append('}');
    }

    private static boolean isAbsent(Object value) {
        return value.equals(Optional.empty()) || value.equals(OptionalInt.empty());
    }

    private static Object read(Record record, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true); // a public component of a record that is not public itself
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException broken) {
            throw new IllegalStateException(component + " cannot be read", broken);
        }
    }

    private void object(Map<?, ?> map, int depth) {
        var comma = "";
        out.append('{');
        for (var entry : map.entrySet()) {
            out.append(comma).append('\n').append("  ".repeat(depth + 1));
            string(String.valueOf(entry.getKey()));
            out.append(": ");
            value(entry.getValue(), depth + 1);
            comma = ",";
        }
        out.append('}');
    }

    private void array(Collection<?> all, int depth) {
        var comma = "";
        out.append('[');
        for (var each : all) {
            out.append(comma);
            value(each, depth + 1);
            comma = ", ";
        }
        out.append(']');
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c == '\n') out.append("\\n");
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        out.append('"');
    }
}
