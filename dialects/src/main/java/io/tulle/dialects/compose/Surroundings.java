package io.tulle.dialects.compose;

import java.util.Optional;

/** What a Compose file may ask of the place it is read in. */
public interface Surroundings {
    /** A variable of the caller's environment, or of the {@code .env} beside the file. */
    Optional<String> variable(String name);

    /** The text of an environment file, relative to the Compose file; empty when it is not there or not readable. */
    Optional<String> file(String path);
}
