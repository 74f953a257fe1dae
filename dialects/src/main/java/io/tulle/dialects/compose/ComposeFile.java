package io.tulle.dialects.compose;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One Compose file, its variables replaced. */
public record ComposeFile(Optional<String> name, SortedMap<String, ComposeService> services) {
    public ComposeFile {
        services = Collections.unmodifiableSortedMap(new TreeMap<>(services));
    }
}
