package io.tulle.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Whether a command's program is there, as a shell finds it: a word with a slash is a path, any other is looked up in PATH. */
final class Program {
    private Program() {}

    static boolean isThere(String word, String path) {
        if (word.contains("/")) return isProgram(Path.of(word));
        for (var folder : path.split(":", -1)) {
            try {
                if (isProgram(Path.of(folder, word))) return true; // an empty part is the working directory
            } catch (InvalidPathException _) {
                return false;
            }
        }
        return false;
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
