package io.tulle.dialects.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Splits a command line as Compose does: at spaces, with quotes and backslashes, and without a shell. */
final class Words {
    private Words() {}

    /** The words; empty when a quote is not closed. */
    static Optional<List<String>> of(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = ' ';
        for (int i = 0; i < line.length(); i++) {
            var c = line.charAt(i);
            if (quote == ' ' && Character.isWhitespace(c)) {
                if (inWord) words.add(word.toString());
                word.setLength(0);
                inWord = false;
            } else if (quote == ' ' && (c == '"' || c == '\'')) {
                quote = c;
                inWord = true;
            } else if (c == quote) {
                quote = ' ';
            } else if (c == '\\' && quote != '\'' && i + 1 < line.length() && isEscaped(line.charAt(i + 1), quote)) {
                word.append(line.charAt(++i));
                inWord = true;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quote != ' ') return Optional.empty();
        if (inWord) words.add(word.toString());
        return Optional.of(words);
    }

    /** In double quotes a backslash protects only a quote, a dollar sign and itself (POSIX shell, 2.2.3). */
    private static boolean isEscaped(char next, char quote) {
        return quote != '"' || next == '"' || next == '\\' || next == '$' || next == '`';
    }
}
