package io.tulle.launch.up;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tulle.dialects.compose.ComposeReader;
import io.tulle.dialects.compose.ComposeReading;
import io.tulle.dialects.compose.ComposeText;
import io.tulle.dialects.compose.Profiles;
import io.tulle.dialects.compose.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Shell scripts in place of {@code tulle run}: they log, say that they are ready, and end when told. */
record Scripts(Path folder) implements Starter {
    private static final String READY = "mkdir -p \"$RUN\"; "
            + "echo '{\"capture\":\"'\"$CAPTURE\"'\",\"environment\":{\"MARK\":\"1\"}}' >\"$RUN/r\"; "
            + "mv \"$RUN/r\" \"$RUN/ready\"; ";
    private static final String LOG = "log() { echo \"$*\" >>\"$LOG\"; }; CAPTURE=${CAPTURE:-env}; log start $ME; ";
    private static final String FOR_EVER = "sleep 1000 & wait; ";

    static final Map<String, String> BY_NAME = Map.of(
            "serve", LOG + "trap 'log stop $ME; kill $!; exit 0' TERM; " + READY + FOR_EVER,
            "slow", LOG + "trap 'kill $!; sleep 0.3; log finished $ME; exit 0' TERM; " + READY + FOR_EVER,
            "stubborn", LOG + "trap '' TERM; " + READY + FOR_EVER,
            "deaf",
                    LOG + "trap 'log stop $ME; kill $!; exit 0' TERM; "
                            + READY.replace("\"$RUN/ready\"", "\"$RUN/launched\"") + FOR_EVER,
            "mute", LOG + "trap 'log stop $ME; kill $!; exit 0' TERM; " + FOR_EVER,
            "succeed", LOG + "log end $ME",
            "fail", LOG + "for i in $(seq 25); do echo line $i; done; exit 3",
            "third",
                    LOG + "log in ${RUN##*/}; [ \"${RUN##*.}\" = 2 ] || exit 1; " + "trap 'kill $!; exit 0' TERM; "
                            + READY + FOR_EVER);

    static UpPlan plan(Path folder, String services) {
        var reading = reading("{name: shop, services: " + services + "}");
        if (!reading.isClean()) throw new IllegalArgumentException("" + reading.problems());
        return UpPlan.of(reading.file(), Overrides.none(folder));
    }

    /** A file beside which there is nothing to read. */
    static ComposeReading reading(String text) {
        return ComposeReader.read(
                List.of(new ComposeText("compose.yaml", text.getBytes(UTF_8))),
                new Surroundings() {
                    @Override
                    public Optional<String> variable(String name) {
                        return Optional.empty();
                    }

                    @Override
                    public Text file(String path) {
                        return new Text.Missing();
                    }

                    @Override
                    public Kind kind(String path) {
                        return Kind.FILE;
                    }
                },
                Profiles.NONE);
    }

    Path logFile() {
        return folder.resolve("log");
    }

    List<String> log() throws IOException {
        return Files.readAllLines(logFile());
    }

    @Override
    public Child start(Launch launch, Path runDirectory) {
        var script = BY_NAME.getOrDefault(launch.command().getFirst(), "exit 99");
        var builder = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true);
        builder.environment().putAll(launch.environment());
        builder.environment()
                .putAll(Map.of(
                        "RUN",
                        runDirectory.toString(),
                        "ME",
                        launch.instance(),
                        "LOG",
                        logFile().toString()));
        try {
            return new Running(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Running(Process process) implements Child {
        @Override
        public ProcessHandle handle() {
            return process.toHandle();
        }

        @Override
        public InputStream output() {
            return process.getInputStream();
        }

        @Override
        public CompletableFuture<Integer> exit() {
            return process.onExit().thenApply(Process::exitValue);
        }

        @Override
        public void terminate() {
            process.destroy();
        }

        @Override
        public void kill() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
