package io.tulle.dialects.compose;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the files of an image come from: paths in it, absolute and normal, to paths on this host, relative to the Compose
 * file. COPY and bind mounts say it.
 */
record PathMap(SortedMap<String, String> places) {
    static final PathMap EMPTY = new PathMap(new TreeMap<>());

    PathMap {
        places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
    }

    PathMap with(String inImage, String onHost) {
        var more = new TreeMap<>(places);
        more.put(inImage, Path.of(onHost).normalize().toString());
        return new PathMap(more);
    }

    /** The same with what lies below the path hidden, as a mount does. */
    PathMap mounted(String inImage, String onHost) {
        var left = new TreeMap<>(places);
        left.keySet().removeIf(path -> isWithin(path, inImage));
        return new PathMap(left).with(inImage, onHost);
    }

    /** The host's path of an image's: by the nearest folder that is known, else by one whose name is the same on both sides. */
    Optional<String> host(String inImage) {
        return known(inImage).or(() -> inferred(inImage));
    }

    /** By what was said alone. */
    Optional<String> known(String inImage) {
        return places.entrySet().stream()
                .filter(place -> isWithin(inImage, place.getKey()))
                .max(Comparator.comparingInt(place -> place.getKey().length()))
                .map(place -> below(place.getKey(), place.getValue(), inImage));
    }

    /** {@code /app/dist} from {@code api/dist} says that {@code /app} is {@code api}. */
    private Optional<String> inferred(String inImage) {
        for (var place : places.entrySet()) {
            var image = Optional.of(Path.of(place.getKey()));
            var host = Path.of(place.getValue());
            while (image.isPresent() && sameName(image.get(), host)) {
                image = Optional.ofNullable(image.get().getParent());
                host = Optional.ofNullable(host.getParent()).orElse(Path.of(""));
                if (image.isPresent() && isWithin(inImage, image.get().toString())) {
                    return Optional.of(below(image.get().toString(), host.toString(), inImage));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean sameName(Path one, Path other) {
        var name = Optional.ofNullable(one.getFileName());
        return name.isPresent() && name.equals(Optional.ofNullable(other.getFileName()));
    }

    private static String below(String image, String host, String wanted) {
        return Path.of(host)
                .resolve(Path.of(image).relativize(Path.of(wanted)).toString())
                .normalize()
                .toString();
    }

    static boolean isWithin(String path, String folder) {
        return Path.of(path).startsWith(Path.of(folder));
    }

    /** A path of an image, absolute and normal, from one that may be relative to another. */
    static String absolute(String from, String path) {
        return Path.of("/").resolve(from).resolve(path).normalize().toString();
    }
}
