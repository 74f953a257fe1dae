package io.tulle.cli;

import io.tulle.model.OneLine;
import java.io.PrintWriter;

/**
 * What a command says of itself on standard error, a line at a time. Names and reasons in it are often a stranger's (a file's, an
 * application's, another host's), so nothing in it steers the terminal.
 */
final class Said {
    private Said() {}

    static void to(PrintWriter out, String text) {
        out.println("tulle: " + OneLine.withFix(text));
        out.flush();
    }
}
