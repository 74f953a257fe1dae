package io.tulle.launch.health;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A health check's command as a process: well when it exits with 0. */
public final class CommandProbe implements Probe {
    private static final int MOST_SAID = 4_096;

    private final Process process;
    private final CompletableFuture<Answer> answer;

    private CommandProbe(Process process) {
        this.process = process;
        // Read as it comes, or a talkative command would wait for ever at a full pipe.
        var said = CompletableFuture.supplyAsync(() -> tail(process), Thread::startVirtualThread);
        this.answer = process.onExit().thenCombine(said, (ended, text) -> new Answer(ended.exitValue() == 0, text));
    }

    /**
     * How to run it.
     *
     * @param environment on top of the launcher's own: that of the service, and what the launch added (the hook)
     */
    public record Command(List<String> words, Path workingDirectory, Map<String, String> environment) {
        public Command {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }
    }

    /** Starts it. A program that is not there is an answer too. */
    public static Probe ask(Command command) {
        var builder = new ProcessBuilder(command.words())
                .directory(command.workingDirectory().toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(command.environment());
        try {
            var process = builder.start();
            process.getOutputStream().close();
            return new CommandProbe(process);
        } catch (IOException e) {
            return new Answered(CompletableFuture.completedFuture(new Answer(false, String.valueOf(e.getMessage()))));
        }
    }

    @Override
    public CompletableFuture<Answer> answer() {
        return answer;
    }

    @Override
    public void abandon() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String tail(Process process) {
        var kept = new StringBuilder();
        try (var in = process.getInputStream()) {
            var buffer = new byte[MOST_SAID];
            for (int n; (n = in.read(buffer)) >= 0; ) {
                kept.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                if (kept.length() > MOST_SAID) kept.delete(0, kept.length() - MOST_SAID);
            }
        } catch (IOException _) {
            // it was ended while we read: what was read so far is all there is
        }
        return kept.toString().strip();
    }

    /** What needed no process. */
    private record Answered(CompletableFuture<Answer> answer) implements Probe {
        @Override
        public void abandon() {
            // nothing runs
        }
    }
}
