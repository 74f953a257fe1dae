package io.tulle.dialects.field;

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
