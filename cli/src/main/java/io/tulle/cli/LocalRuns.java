package io.tulle.cli;

import io.tulle.launch.capture.Capture;
import io.tulle.launch.up.Ready;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** What the runs of a mesh on this host have left to be read: here, who is caught by its environment. */
final class LocalRuns {
    private LocalRuns() {}

    /** Instances whose own ports stay open on loopback, where any process of this host reaches them past the mesh. */
    static Set<String> openOnLoopback(MeshFolder folder) {
        if (!Files.isDirectory(folder.path())) return Set.of();
        try (var all =
                Files.find(folder.path(), 3, (path, about) -> about.isRegularFile() && path.endsWith(Ready.FILE))) {
            return all.map(Path::getParent)
                    .filter(run -> Ready.read(run)
                            .filter(ready -> ready.capture() == Capture.ENV)
                            .isPresent())
                    .map(run -> instance(run.getFileName().toString()))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException | java.io.UncheckedIOException _) {
            return Set.of(); // a run that ended meanwhile took its folder along
        }
    }

    /** A later life of an instance of `up` has its number behind a dot, which no instance's name holds. */
    private static String instance(String folder) {
        var dot = folder.indexOf('.');
        return dot < 0 ? folder : folder.substring(0, dot);
    }
}
