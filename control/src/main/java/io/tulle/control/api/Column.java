package io.tulle.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code kubectl get} shows beside the name and before the age.
 *
 * @param type OpenAPI's word, {@code string} or {@code integer}
 * @param path where the value stands; a list on the way is walked through, {@code #} at the end counts
 * @param wide shown with {@code -o wide} alone
 */
public record Column(String name, String type, List<String> path, boolean wide) {
    public Column {
        path = List.copyOf(path);
    }

    /** {@code Column.of("Hosts", "spec.hosts")}. */
    public static Column of(String name, String path) {
        return new Column(name, path.endsWith("#") ? "integer" : "string", List.of(path.split("\\.")), false);
    }

    public Column onlyWide() {
        return new Column(name, type, path, true);
    }

    /** The cell's text: several values joined by commas; a count as a number's text. */
    String cell(JsonNode document) {
        var counts = path.getLast().equals("#");
        var found = List.of(document);
        for (var step : counts ? path.subList(0, path.size() - 1) : path) {
            var next = new ArrayList<JsonNode>();
            for (var node : found) {
                if (!node.path(step).isMissingNode()) spread(node.path(step), next, counts);
            }
            found = List.copyOf(next);
        }
        if (counts)
            return Integer.toString(found.stream().mapToInt(JsonNode::size).sum());
        return found.stream().map(Column::shown).collect(Collectors.joining(","));
    }

    private static void spread(JsonNode node, List<JsonNode> into, boolean whole) {
        if (node.isArray() && !whole) node.forEach(into::add);
        else into.add(node);
    }

    private static String shown(JsonNode node) {
        if (node.isNull()) return "";
        if (!node.isObject()) return node.asText();
        return node.properties().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue().asText())
                .collect(Collectors.joining(","));
    }
}
