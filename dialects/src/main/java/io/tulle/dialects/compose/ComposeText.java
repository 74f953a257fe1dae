package io.tulle.dialects.compose;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One of the files that make a project, as {@code -f} names it. */
public final class ComposeText {
    private final String name;
    private final byte[] text;

    public ComposeText(String name, byte[] text) {
        this.name = name;
        this.text = Arrays.copyOf(text, text.length);
    }

    static ComposeText of(String name, String text) {
        return new ComposeText(name, text.getBytes(StandardCharsets.UTF_8));
    }

    String name() {
        return name;
    }

    byte[] text() {
        return text;
    }
}
