package io.tulle.dialects;

import io.tulle.dialects.field.Shape;
import io.tulle.dialects.reader.Node;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The message that a field has inside, if any: through lists and maps, with one entry of each. */
interface Within {
    /**
     * @param path of the message, as problems write it
     * @param around how to set the message alone
     */
    void message(String name, String path, UnaryOperator<Node> around);

    /** Leads to the message inside a shape. */
    static void of(Shape shape, String path, UnaryOperator<Node> around, Within found) {
        switch (shape) {
            case Shape.Message(var name) -> found.message(name, path, around);
            case Shape.ListOf(var item) ->
                of(item, path + "[0]", node -> around.apply(Node.listOf(List.of(node))), found);
            case Shape.MapOf(var value) ->
                of(value, path + ".80", node -> around.apply(Node.mapOf(Map.of("80", node))), found);
            case Shape.Simple _, Shape.Choice _ -> {}
        }
    }
}
