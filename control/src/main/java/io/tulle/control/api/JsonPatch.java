package io.tulle.control.api;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;

/** JSON Patch, RFC 6902: all operations or none. What {@code copy} may add in all is bounded. */
final class JsonPatch {
    private static final int MAX_OPERATIONS = 10_000;

    private final ObjectNode document;
    private long copied;

    private JsonPatch(ObjectNode document) {
        this.document = document;
    }

    static ObjectNode apply(ObjectNode target, ArrayNode operations) {
        if (operations.size() > MAX_OPERATIONS) throw ApiCode.BAD_PATCH.because("more than 10,000 operations");
        var patch = new JsonPatch(target.deepCopy());
        for (var operation : operations) patch.run(operation);
        return patch.document;
    }

    private void run(JsonNode operation) {
        var path = pointer(operation, "path");
        switch (operation.path("op").asText()) {
            case "add" -> add(path, value(operation));
            case "remove" -> remove(path);
            case "replace" -> {
                remove(path);
                add(path, value(operation));
            }
            case "move" -> {
                var from = pointer(operation, "from");
                if (path.toString().startsWith(from + "/"))
                    throw ApiCode.BAD_PATCH.because("a value cannot move into itself");
                add(path, remove(from));
            }
            case "copy" -> {
                var value = there(pointer(operation, "from")).deepCopy();
                copied += Json.write(value).length();
                if (copied > Documents.MAX_BYTES) throw ApiCode.BAD_PATCH.because("copies make more than 3 MiB");
                add(path, value);
            }
            case "test" -> {
                if (!there(path).equals(value(operation))) {
                    throw ApiCode.BAD_PATCH.because("the test of " + path + " failed");
                }
            }
            default -> throw ApiCode.BAD_PATCH.because("op is add, remove, replace, move, copy or test");
        }
    }

    private void add(JsonPointer path, JsonNode value) {
        var name = last(path);
        switch (there(path.head())) {
            case ObjectNode object -> object.set(name, value);
            case ArrayNode list when name.equals("-") -> list.add(value);
            case ArrayNode list -> list.insert(index(path, name, list.size()), value);
            default -> throw missing(path);
        }
    }

    private JsonNode remove(JsonPointer path) {
        var name = last(path);
        var value = there(path);
        switch (there(path.head())) {
            case ObjectNode object -> object.remove(name);
            case ArrayNode list -> list.remove(index(path, name, list.size() - 1));
            default -> throw missing(path);
        }
        return value;
    }

    private JsonNode there(JsonPointer path) {
        var found = document.at(path);
        if (found.isMissingNode()) throw missing(path);
        return found;
    }

    private static String last(JsonPointer path) {
        if (path.matches()) throw ApiCode.BAD_PATCH.because("the whole document cannot be replaced");
        return path.last().getMatchingProperty();
    }

    private static int index(JsonPointer path, String name, int most) {
        var index = Numbers.parse(name);
        if (index < 0 || index > most || (name.length() > 1 && name.startsWith("0"))) throw missing(path);
        return (int) index;
    }

    private static JsonPointer pointer(JsonNode operation, String field) {
        var text = operation.path(field);
        if (!text.isTextual()) throw ApiCode.BAD_PATCH.because("an operation has no '" + field + "'");
        try {
            return JsonPointer.compile(text.textValue());
        } catch (IllegalArgumentException _) {
            throw ApiCode.BAD_PATCH.because("'" + text.textValue() + "' is no JSON pointer");
        }
    }

    private static JsonNode value(JsonNode operation) {
        if (!operation.has("value")) throw ApiCode.BAD_PATCH.because("an operation has no 'value'");
        return operation.path("value");
    }

    private static Refusal missing(JsonPointer path) {
        return ApiCode.BAD_PATCH.because("there is nothing at " + path);
    }
}
