package io.tulle.launch.netns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A tool of the system that reads what to do from its input and says what went wrong. */
record Tool(List<String> words) {
    Tool {
        words = List.copyOf(words);
    }

    static Tool of(String... words) {
        return new Tool(List.of(words));
    }

    /** The same in a namespace. */
    Tool in(NetworkNamespace namespace) {
        var all = new ArrayList<>(namespace.entering());
        all.addAll(words);
        return new Tool(all);
    }

    /**
     * Runs it.
     *
     * @return what it said
     * @throws IOException with what it said, when it failed or is not there
     */
    String run(String input) throws IOException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try {
            try (var out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // it ended before it had read all: its exit code says so
            }
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) throw new IOException(said.isEmpty() ? words + " failed" : said);
            return said;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
