package io.tulle.launch.capture;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether a command is Node, or starts Node: the hook travels in {@code NODE_OPTIONS}, which children inherit. */
public final class NodeCommand {
    private static final Set<String> PROGRAMS = Set.of(
            "node",
            "nodejs",
            "npm",
            "npx",
            "pnpm",
            "pnpx",
            "yarn",
            "yarnpkg",
            "corepack",
            "nest",
            "nodemon",
            "ts-node",
            "tsx",
            "pm2-runtime");

    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh");

    /** Programs that only start the rest of their own command line. */
    private static final Set<String> WRAPPERS = Set.of("env", "exec", "tini", "dumb-init", "nohup", "setsid", "time");

    private NodeCommand() {}

    /**
     * The word by which the command shows itself as Node; empty when it is another language, or cannot be told.
     *
     * @param interpreter the program of the first word's {@code #!} line, where the word is a script
     */
    public static Optional<String> nodeIn(List<String> command, Optional<String> interpreter) {
        var words = unwrapped(command);
        if (words.isEmpty()) return Optional.empty();
        var program = program(words.getFirst());
        if (PROGRAMS.contains(program)) return Optional.of(program);
        var line = shellLine(words);
        if (line.isPresent()) return nodeIn(List.of(line.get().strip().split("\\s+")), Optional.empty());
        return interpreter.map(NodeCommand::program).filter(PROGRAMS::contains).map(by -> program + " (#! " + by + ")");
    }

    /** The word that names the program: wrappers such as {@code env A=b} and assignments before it are passed over. */
    static List<String> unwrapped(List<String> command) {
        var from = 0;
        while (from < command.size()) {
            var word = command.get(from);
            var passed = WRAPPERS.contains(program(word))
                    || word.matches("[A-Za-z_][A-Za-z0-9_]*=.*")
                    || (from > 0 && word.startsWith("-"));
            if (!passed) break;
            from++;
        }
        return command.subList(from, command.size());
    }

    /** What follows {@code sh -c}. Its first command decides: `npm run build && node dist/main.js` is Node too. */
    private static Optional<String> shellLine(List<String> words) {
        if (!SHELLS.contains(program(words.getFirst()))) return Optional.empty();
        for (int i = 1; i + 1 < words.size(); i++) {
            if (words.get(i).matches("-[a-z]*c")) return Optional.of(words.get(i + 1));
            if (!words.get(i).startsWith("-")) break;
        }
        return Optional.empty();
    }

    private static String program(String word) {
        var name = word.substring(word.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.matches("node[0-9]+(\\.[0-9]+)*") ? "node" : name;
    }
}
