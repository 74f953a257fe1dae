package io.tulle.dialects.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The instructions of a Dockerfile (Dockerfile reference, "Format"): comments away, continued lines joined, heredocs
 * consumed, the directive {@code # escape=} followed.
 */
record DockerText(List<Instruction> instructions, char escape) {
    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([A-Za-z]+)\\s*=\\s*(\\S*)\\s*");
    private static final Pattern HEREDOC = Pattern.compile("<<(-?)\\s*([\"']?)([A-Za-z_][A-Za-z0-9_.-]*)\\2");

    DockerText {
        instructions = List.copyOf(instructions);
    }

    /** @param word in capitals: {@code COPY} */
    record Instruction(String word, String rest, int line) {}

    static DockerText parse(String text) {
        var lines = text.replace("\uFEFF", "").lines().toList();
        var escape = escape(lines);
        var all = new ArrayList<Instruction>();
        for (int i = 0; i < lines.size(); ) {
            if (isNothing(lines.get(i))) {
                i++;
                continue;
            }
            var begin = i;
            var joined = new StringBuilder();
            for (var goesOn = true; goesOn && i < lines.size(); i++) {
                if (i > begin && isNothing(lines.get(i))) continue; // comments within a continued instruction
                var line = lines.get(i).stripTrailing();
                goesOn = line.endsWith(String.valueOf(escape));
                joined.append(goesOn ? line.substring(0, line.length() - 1) : line);
            }
            var instruction = instruction(joined.toString().strip(), begin + 1);
            all.add(instruction);
            for (var end : heredocs(instruction)) i = after(lines, i, end);
        }
        return new DockerText(all, escape);
    }

    private static Instruction instruction(String joined, int line) {
        var end = 0;
        while (end < joined.length() && !Character.isWhitespace(joined.charAt(end))) end++;
        var word = joined.substring(0, end).toUpperCase(Locale.ROOT);
        return new Instruction(word, joined.substring(end).strip(), line);
    }

    private static boolean isNothing(String line) {
        var text = line.strip();
        return text.isEmpty() || text.startsWith("#");
    }

    /** Directives stand before all else, one a line; an ordinary comment ends them. */
    private static char escape(List<String> lines) {
        for (var line : lines) {
            var directive = DIRECTIVE.matcher(line.strip());
            if (!directive.matches()) break;
            if (directive.group(1).equalsIgnoreCase("escape"))
                return directive.group(2).equals("`") ? '`' : '\\';
        }
        return '\\';
    }

    private record Heredoc(String word, boolean tabs) {}

    private static List<Heredoc> heredocs(Instruction instruction) {
        if (!List.of("RUN", "COPY", "ADD").contains(instruction.word())) return List.of();
        return HEREDOC.matcher(instruction.rest())
                .results()
                .map(found -> new Heredoc(found.group(3), !found.group(1).isEmpty()))
                .toList();
    }

    private static int after(List<String> lines, int from, Heredoc heredoc) {
        for (int i = from; i < lines.size(); i++) {
            var line = heredoc.tabs() ? lines.get(i).replaceFirst("^\t+", "") : lines.get(i);
            if (line.equals(heredoc.word())) return i + 1;
        }
        return lines.size();
    }

    /** Whether a source of COPY or ADD is a heredoc. */
    static boolean isHeredoc(String word) {
        return word.startsWith("<<");
    }

    /** The words of a JSON list, {@code ["node", "main.js"]}; empty when it is none, which makes it a shell's line. */
    static Optional<List<String>> list(String rest) {
        if (!rest.startsWith("[")) return Optional.empty();
        return JsonFields.texts(rest);
    }
}
