package io.tulle.dialects;

import io.tulle.model.Problem;
import io.tulle.model.policy.PolicySet;
import io.tulle.model.world.World;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Values as a golden shows them: records by field, one line each, what is empty left out. */
final class Printed {
    private final StringBuilder out = new StringBuilder();

    private Printed() {}

    static String world(World world) {
        var printed = new Printed();
        for (var component : World.class.getRecordComponents()) {
            if (List.of("revision", "settings").contains(component.getName())) continue;
            printed.field(component.getName(), value(component, world), 0);
        }
        return printed.out.toString();
    }

    static String problems(Collection<Problem> problems) {
        var text = new StringBuilder();
        for (var problem : problems) {
            text.append(problem.severity() == Problem.Severity.WARNING ? "warning " : "error ")
                    .append(problem.explained())
                    .append('\n');
        }
        return text.toString();
    }

    private void field(String name, Object value, int indent) {
        switch (value) {
            case Optional<?> optional -> optional.ifPresent(inner -> field(name, inner, indent));
            case OptionalInt number -> {
                if (number.isPresent()) line(indent, name + ": " + number.getAsInt());
            }
            case PolicySet<?> policies -> field(name, policies.all(), indent);
            case Collection<?> all when all.isEmpty() -> {}
            case Collection<?> all
            when all.stream().noneMatch(Record.class::isInstance) ->
                line(
                        indent,
                        name + ": "
                                + all.stream().map(Object::toString).sorted().toList());
            case Collection<?> all -> {
                line(indent, name + ":");
                for (var item : all) field("-", item, indent + 1);
            }
            case Map<?, ?> map when map.isEmpty() -> {}
            case Map<?, ?> map
            when map.values().stream().noneMatch(Record.class::isInstance) -> line(indent, name + ": " + map);
            case Map<?, ?> map -> {
                line(indent, name + ":");
                map.forEach((key, item) -> field(key.toString(), item, indent + 1));
            }
            case Record record when isSmall(record) -> line(indent, name + ": " + record);
            case Record record -> {
                line(indent, name + ": " + record.getClass().getSimpleName());
                for (var component : record.getClass().getRecordComponents()) {
                    field(component.getName(), value(component, record), indent + 1);
                }
            }
            default -> line(indent, name + ": " + value);
        }
    }

    /** Short enough for a line of its own: no lists, no records inside. */
    private static boolean isSmall(Record record) {
        for (var component : record.getClass().getRecordComponents()) {
            var value = value(component, record);
            if (value instanceof Collection<?> || value instanceof Map<?, ?> || value instanceof Optional<?>)
                return false;
            if (value instanceof Record inner && !isSmall(inner)) return false;
        }
        return true;
    }

    private void line(int indent, String text) {
        out.append("  ".repeat(indent)).append(text).append('\n');
    }

    private static Object value(RecordComponent component, Object of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
