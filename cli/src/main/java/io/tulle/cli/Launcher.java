package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How this very Tulle is started again, for the processes that {@code up} and a guardian run. */
final class Launcher {
    private Launcher() {}

    /** Empty when Tulle was started by hand, without its launcher. */
    static Optional<List<String>> known() {
        return Optional.ofNullable(System.getProperty("tulle.home"))
                .map(home -> List.of(Path.of(home, "bin", "tulle").toString()));
    }

    /** @throws Failures.Failure when Tulle was started by hand, without its launcher */
    static List<String> words() {
        return known().orElseThrow(() -> new Failures.Failure(
                Exit.USAGE,
                List.of(CliCode.NO_LAUNCHER.problem(
                        "this Tulle was not started by its launcher", "start it as ./tulle or bin/tulle"))));
    }
}
