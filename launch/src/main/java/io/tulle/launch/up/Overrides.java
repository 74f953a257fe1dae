package io.tulle.launch.up;

import io.tulle.dialects.compose.Profiles;
import io.tulle.launch.capture.Capture;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the command line says beside the file.
 *
 * @param folder where the Compose file lies; its relative paths begin there
 * @param project the project's name and the mesh's namespace; else the file's {@code name}, else the folder's
 * @param mesh empty for the default mesh
 * @param profiles the profiles asked for
 * @param scale replicas by service, over the file's
 */
public record Overrides(
        Path folder,
        Optional<String> project,
        Optional<String> mesh,
        Capture.Requested capture,
        Profiles profiles,
        SortedMap<String, Integer> scale) {
    public Overrides {
        scale = Collections.unmodifiableSortedMap(new TreeMap<>(scale));
    }

    /** All as the file says. */
    public static Overrides none(Path folder) {
        return new Overrides(
                folder, Optional.empty(), Optional.empty(), Capture.Requested.AUTO, Profiles.NONE, new TreeMap<>());
    }
}
