package io.tulle.launch.up;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Starts the process of one life of an instance. */
@FunctionalInterface
public interface Starter {
    /**
     * Starts it, with output and errors on one stream.
     *
     * @throws java.io.UncheckedIOException when the operating system refuses
     */
    Child start(Launch launch, Path runDirectory);

    /** A started process; a {@code tulle run}, or what a test puts in its place. */
    interface Child {
        ProcessHandle handle();

        InputStream output();

        /** Its exit code, or 128 + n when signal n ended it. */
        CompletableFuture<Integer> exit();

        /** Asks it to end, and to drain first. */
        void terminate();

        /** Ends it and its children at once. */
        void kill();
    }
}
