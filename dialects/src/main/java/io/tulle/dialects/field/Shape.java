package io.tulle.dialects.field;

import io.tulle.dialects.reader.Node;
import java.util.List;

/** The form of a field's value, as far as a schema says it. */
public sealed interface Shape {
    /** A scalar, or anything at all. */
    record Simple(Form form) implements Shape {}

    /** One of some words. */
    record Choice(List<String> words) implements Shape {
        public Choice {
            words = List.copyOf(words);
        }
    }

    record ListOf(Shape item) implements Shape {}

    /** Keys of any name. */
    record MapOf(Shape value) implements Shape {}

    /** A message of the same vocabulary. */
    record Message(String name) implements Shape {}

    /**
     * Whether a value means the same as leaving the field out, in protobuf's JSON and in Kubernetes alike. An empty
     * mapping does where its keys are a user's own; an empty message is a message that is there.
     */
    default boolean isUnsetBy(Node value) {
        return switch (value) {
            case Node.Null _ -> true;
            case Node.Bool(var _, var set) -> !set;
            case Node.Sequence(var _, var items) -> items.isEmpty();
            case Node.Text(var _, var text) -> text.isEmpty();
            case Node.Mapping(var _, var entries) -> this instanceof MapOf && entries.isEmpty();
            case Node.Numeral(var _, var number) ->
                (equals(new Simple(Form.INTEGER)) || equals(new Simple(Form.NUMBER))) && number.signum() == 0;
        };
    }

    /** The scalar forms, by the words that a vocabulary uses for them. */
    enum Form {
        TEXT,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /** A whole number or a text, Kubernetes' IntOrString. */
        PORT,
        ANY
    }
}
