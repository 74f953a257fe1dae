package io.tulle.dialects.compose;

import io.tulle.dialects.reader.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code volumes} of an entry: bind mounts say where an image's files lie on this host. */
record Volumes(List<Mount> mounts) {
    Volumes {
        mounts = List.copyOf(mounts);
    }

    /** @param source a path of this host when it starts with a dot or a slash, else a volume's name; empty for an anonymous one */
    record Mount(String source, String target) {
        boolean isBind() {
            return source.startsWith(".") || source.startsWith("/");
        }
    }

    static Volumes read(Keys keys) {
        var all = new ArrayList<Mount>();
        var node = keys.node("volumes");
        if (node.isEmpty() || !(node.get() instanceof Node.Sequence(var _, var items))) return new Volumes(all);
        for (var item : items) {
            if (item instanceof Node.Mapping) {
                JsonFields.text(item, "target")
                        .ifPresent(target -> all.add(
                                new Mount(JsonFields.text(item, "source").orElse(""), target)));
            } else {
                keys.texts(item, keys.path("volumes")).forEach(text -> all.add(mount(text)));
            }
        }
        return new Volumes(all.stream()
                .filter(mount -> !mount.target().isEmpty()
                        && mount.target().indexOf('\0') < 0
                        && mount.source().indexOf('\0') < 0)
                .toList());
    }

    private static Mount mount(String text) {
        var parts = text.split(":", 3);
        return parts.length == 1 ? new Mount("", parts[0]) : new Mount(parts[0], parts[1]);
    }

    /** The places with those of bind mounts over them. */
    PathMap over(PathMap paths) {
        var all = paths;
        for (var mount : mounts) {
            if (mount.isBind()) all = all.mounted(PathMap.absolute("/", mount.target()), mount.source());
        }
        return all;
    }

    /** What a process on this host does not see: mounts that have nothing to do with where it works. */
    Optional<String> unseen(String imageDirectory, Optional<String> written) {
        var directory =
                written.map(path -> PathMap.absolute(imageDirectory, path)).orElse(imageDirectory);
        var lost = mounts.stream()
                .filter(mount -> !mount.source().isEmpty())
                .filter(mount -> {
                    var target = PathMap.absolute("/", mount.target());
                    var isHere = directory.length() > 1
                            && (PathMap.isWithin(directory, target) || PathMap.isWithin(target, directory));
                    return !mount.isBind() || !isHere;
                })
                .map(mount -> mount.source() + " at " + mount.target())
                .toList();
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "mounts " + String.join(", ", lost) + ", which a process on this host does not see there");
    }
}
