package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SaidTest {
    @Test
    void nothingThatAStrangerWroteSteersTheTerminalOrBeginsALine() {
        assertEquals("tulle: web\\ntulle: all is well\n", said("web\ntulle: all is well"));
        assertEquals("tulle: cart\\u001b[2J is in the mesh\n", said("cart\u001b[2J is in the mesh"));
    }

    @Test
    void aProblemKeepsItsFixOnALineOfItsOwn() {
        var problem = Problem.warning("TUL2101", "it\nlistens elsewhere", "look at \u202e it");
        assertEquals("tulle: TUL2101 it\\nlistens elsewhere\n  fix: look at \\u202e it\n", said(problem.explained()));
    }

    private static String said(String text) {
        var written = new StringWriter();
        Said.to(new PrintWriter(written), text);
        return written.toString().replace(System.lineSeparator(), "\n");
    }
}
