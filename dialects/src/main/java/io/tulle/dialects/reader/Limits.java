package io.tulle.dialects.reader;

/**
 * How much one text may hold. Beyond it the text (or the document) is refused before it costs more memory than it has.
 *
 * @param bytes of the whole text
 * @param depth of nested mappings and lists
 * @param aliases used in one document
 * @param nodes of one document once its aliases are expanded
 * @param documents of one text
 * @param problems that are told of one document
 */
public record Limits(int bytes, int depth, int aliases, int nodes, int documents, int problems) {
    public static final Limits DEFAULT = new Limits(3 << 20, 64, 50, 200_000, 1_000, 1_000);
}
