package io.tulle.dialects.compose;

import java.util.Optional;

/** What a Compose file may ask of the place it is read in. Paths are relative to the Compose file, or absolute. */
public interface Surroundings {
    /** A variable of the caller's environment, or of the {@code .env} beside the file. */
    Optional<String> variable(String name);

    /** The text of a file: an environment file, a Dockerfile, a package.json. */
    Text file(String path);

    /** What is there. */
    Kind kind(String path);

    enum Kind {
        NOTHING,
        FILE,
        FOLDER
    }

    /** A file's text, if there is one. */
    sealed interface Text {
        record Found(String text) implements Text {}

        record Missing() implements Text {}

        /** @param why as a person reads it: "permission denied" */
        record Unreadable(String why) implements Text {}
    }
}
