package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What strangers have written steers no terminal and makes no line of its own. */
class ColumnsTest {
    @Test
    void aNameIsOneCellWhateverIsInIt() {
        var out = new StringWriter();

        Columns.print(new PrintWriter(out), List.of(List.of("NAME", "STATE"), List.of("a\nb\u001b[31m", "live")));

        assertEquals("NAME            STATE\na\\nb\\u001b[31m  live\n", out.toString());
    }

    @Test
    void aProblemIsOneLineAndItsFixAnother() {
        var problem = Problem.error("TUL1204", "no 'x\n\u001b]0;title' here", "write\ty");

        assertEquals("TUL1204 no 'x\\n\\u001b]0;title' here\n  fix: write\\ty", problem.explained());
    }
}
