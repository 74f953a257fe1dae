package io.tulle.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Kubernetes' strategic merge patch: a merge patch in which some lists are merged by a key of their items, with the
 * directives {@code $patch} (delete, replace), {@code $retainKeys}, {@code $setElementOrder/x} and
 * {@code $deleteFromPrimitiveList/x}. Items that a patch's order does not name come after those that it names.
 */
final class StrategicMerge {
    private static final String PATCH = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String REMOVE = "$deleteFromPrimitiveList/";

    private final Map<String, String> keys;

    StrategicMerge(Map<String, String> keys) {
        this.keys = keys;
    }

    ObjectNode apply(ObjectNode target, ObjectNode patch) {
        return merge(target, patch, "");
    }

    private ObjectNode merge(ObjectNode target, ObjectNode patch, String path) {
        switch (patch.path(PATCH).asText("merge")) {
            case "replace" -> {
                return merge(Json.object(), without(patch, PATCH), path);
            }
            case "delete" -> {
                return Json.object();
            }
            case "merge" -> {}
            default -> throw ApiCode.BAD_PATCH.because("$patch is merge, replace or delete");
        }
        var merged = target.deepCopy();
        retain(merged, patch.path(RETAIN));
        for (var entry : patch.properties()) {
            if (!entry.getKey().startsWith("$")) set(merged, entry.getKey(), entry.getValue(), path);
        }
        for (var entry : patch.properties()) arrange(merged, entry.getKey(), entry.getValue(), path);
        return merged;
    }

    private void set(ObjectNode merged, String field, JsonNode value, String path) {
        var at = path.isEmpty() ? field : path + "." + field;
        var key = keys.get(at);
        switch (value) {
            case ObjectNode object -> {
                var there = merged.path(field) instanceof ObjectNode found ? found : Json.object();
                if (object.path(PATCH).asText().equals("delete")) merged.remove(field);
                else merged.set(field, merge(there, object, at));
            }
            case ArrayNode list
            when key != null -> merged.set(field, mergeList(items(merged.path(field)), list, key, at));
            case JsonNode other when other.isNull() -> merged.remove(field);
            default -> merged.set(field, value);
        }
    }

    private ArrayNode mergeList(List<JsonNode> target, ArrayNode patch, String key, String path) {
        var merged = new ArrayList<>(target);
        for (var item : patch) {
            if (item.path(PATCH).asText().equals("replace")) merged.clear();
        }
        for (var item : patch) {
            if (item instanceof ObjectNode object && !key.isEmpty()) mergeItem(merged, object, key, path);
            else if (!merged.contains(item)) merged.add(item);
        }
        return array(merged);
    }

    private void mergeItem(List<JsonNode> merged, ObjectNode item, String key, String path) {
        var directive = item.path(PATCH).asText();
        var id = item.path(key);
        if (id.isMissingNode()) {
            if (directive.equals("replace")) return; // an item that is only the directive
            throw ApiCode.BAD_PATCH.because(
                    "an item of " + path + " has no '" + key + "', by which the list is merged");
        }
        var at = 0;
        while (at < merged.size() && !merged.get(at).path(key).equals(id)) at++;
        if (directive.equals("delete")) {
            merged.removeIf(there -> there.path(key).equals(id));
        } else if (at < merged.size() && merged.get(at) instanceof ObjectNode there) {
            merged.set(at, merge(there, item, path));
        } else {
            merged.add(merge(Json.object(), without(item, PATCH), path));
        }
    }

    private void arrange(ObjectNode merged, String directive, JsonNode wanted, String path) {
        if (directive.startsWith(REMOVE)) {
            var field = directive.substring(REMOVE.length());
            var left = items(merged.path(field));
            left.removeAll(items(wanted));
            if (merged.has(field)) merged.set(field, array(left));
        }
        if (!directive.startsWith(ORDER)) return;
        var field = directive.substring(ORDER.length());
        if (!merged.path(field).isArray()) return;
        var key = keys.getOrDefault(path.isEmpty() ? field : path + "." + field, "");
        var places = new HashMap<JsonNode, Integer>();
        for (var item : wanted) places.putIfAbsent(key.isEmpty() ? item : item.path(key), places.size());
        var sorted = items(merged.path(field));
        sorted.sort(Comparator.comparing( // stable: equals keep their order
                item -> places.getOrDefault(key.isEmpty() ? item : item.path(key), places.size())));
        merged.set(field, array(sorted));
    }

    private static void retain(ObjectNode merged, JsonNode retained) {
        if (retained.isMissingNode()) return;
        var names = new ArrayList<String>();
        retained.forEach(name -> names.add(name.asText()));
        merged.retain(names);
    }

    private static ObjectNode without(ObjectNode object, String field) {
        var copy = object.deepCopy();
        copy.remove(field);
        return copy;
    }

    private static List<JsonNode> items(JsonNode list) {
        var items = new ArrayList<JsonNode>();
        if (list.isArray()) list.forEach(items::add);
        return items;
    }

    private static ArrayNode array(List<JsonNode> items) {
        return Json.object().arrayNode().addAll(items);
    }
}
