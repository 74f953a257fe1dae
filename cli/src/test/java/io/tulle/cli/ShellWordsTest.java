package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
    @Test
    void whatAShellWouldReadOtherwiseIsQuoted() {
        assertEquals(
                "tulle run a --label k=v -- sh -c 'echo ${PORT} && npm start' ''",
                ShellWords.written(List.of(
                        "tulle", "run", "a", "--label", "k=v", "--", "sh", "-c", "echo ${PORT} && npm start", "")));
        assertEquals("'it'\\''s'", ShellWords.written(List.of("it's")));
    }
}
