package io.tulle.cli;

import io.tulle.launch.capture.Capture;
import io.tulle.launch.up.Ready;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the runs of a mesh on this host have left to be read: who has a name, and who is caught by its environment. */
final class LocalRuns {
    private static final int DEPTH = 3; // a run of `up` lies in its project's folder

    private LocalRuns() {}

    /** Instances whose own ports stay open on loopback, where any process of this host reaches them past the mesh. */
    static Set<String> openOnLoopback(MeshFolder folder) {
        if (!Files.isDirectory(folder.path())) return Set.of();
        try (var all =
                Files.find(folder.path(), DEPTH, (path, about) -> about.isRegularFile() && path.endsWith(Ready.FILE))) {
            return all.map(Path::getParent)
                    .filter(run -> Ready.read(run)
                            .filter(ready -> ready.capture() == Capture.ENV)
                            .isPresent())
                    .map(run -> instance(named(run)))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException | UncheckedIOException _) {
            return Set.of(); // a run that ended meanwhile took its folder along
        }
    }

    /**
     * The folders of an instance's runs, of which at most one is held by a living process. A later life of an instance of
     * {@code up} has its number behind a dot, which no instance's name holds.
     */
    static List<Path> of(String instance, MeshFolder folder) {
        if (!Files.isDirectory(folder.path())) return List.of();
        try (var all = Files.find(
                folder.path(),
                DEPTH,
                (path, about) -> about.isDirectory() && instance(named(path)).equals(instance))) {
            return all.toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of(); // a run that ended meanwhile took its folder along
        }
    }

    private static String named(Path folder) {
        return String.valueOf(folder.getFileName());
    }

    /** A later life of an instance of `up` has its number behind a dot, which no instance's name holds. */
    private static String instance(String folder) {
        var dot = folder.indexOf('.');
        return dot < 0 ? folder : folder.substring(0, dot);
    }
}
