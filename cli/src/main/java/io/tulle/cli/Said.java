package io.tulle.cli;

import io.tulle.model.OneLine;
import java.io.PrintWriter;

/**
 * What a command that goes on running says of itself, a line at a time. Names and reasons in it are often a stranger's (a file's, an
 * application's, another host's), so nothing in it steers the terminal. A line break is Tulle's own only before a fix.
 */
final class Said {
    private static final String FIX = "\n  fix: ";

    private Said() {}

    static void to(PrintWriter out, String text) {
        var fix = text.indexOf(FIX);
        var line = fix < 0
                ? OneLine.of(text)
                : OneLine.of(text.substring(0, fix)) + FIX + OneLine.of(text.substring(fix + FIX.length()));
        out.println("tulle: " + line);
        out.flush();
    }
}
