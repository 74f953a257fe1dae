package io.tulle.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long something may take to end. */
final class EndOption {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long it may take (default: ${DEFAULT-VALUE})")
    private int timeout = 60;

    Duration patience() {
        return Duration.ofSeconds(timeout);
    }
}
