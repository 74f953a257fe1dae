package io.tulle.dialects.compose;

import java.util.Optional;

/** A place with no file and no variable; a test says what is there all the same. */
class NothingBeside implements Surroundings {
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
        return Kind.NOTHING;
    }
}
