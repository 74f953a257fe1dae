package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService;
import io.tulle.model.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Entries in an order in which each comes after what it depends on; by name where that leaves a choice. */
final class StartOrder {
    private StartOrder() {}

    /** @return all entries; those of a circle last, with a problem that names them */
    static List<ComposeService> of(Collection<ComposeService> services, List<Problem> problems) {
        var left = new TreeMap<String, ComposeService>();
        services.forEach(service -> left.put(service.name(), service));
        var order = new ArrayList<ComposeService>();
        while (!left.isEmpty()) {
            var next = left.values().stream()
                    .filter(service -> service.dependsOn().keySet().stream().noneMatch(left::containsKey))
                    .toList();
            if (next.isEmpty()) {
                circle(left, problems);
                order.addAll(left.values());
                break;
            }
            order.addAll(next);
            next.forEach(service -> left.remove(service.name()));
        }
        return order;
    }

    private static void circle(Map<String, ComposeService> left, List<Problem> problems) {
        // What only waits for the circle is not part of it: nothing that is left depends on it.
        var circle = new TreeSet<>(left.keySet());
        while (circle.removeIf(name -> circle.stream()
                .noneMatch(other -> service(left, other).dependsOn().containsKey(name)))) {}
        var place = service(left, circle.getFirst()).place();
        problems.add(UpCode.CIRCLE.problem(String.join(", ", circle) + " depend on each other in a circle", place));
    }

    private static ComposeService service(Map<String, ComposeService> all, String name) {
        var found = all.get(name);
        if (found == null) throw new IllegalStateException("no entry " + name);
        return found;
    }
}
