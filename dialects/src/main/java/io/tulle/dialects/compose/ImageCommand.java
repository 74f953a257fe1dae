package io.tulle.dialects.compose;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of an image for this host: files that COPY put elsewhere in the image are named where they lie here.
 *
 * @param directory the working directory in the image
 * @param folder the same on this host
 */
record ImageCommand(PathMap paths, String directory, String folder, Surroundings surroundings) {
    List<String> onHost(List<String> words) {
        var all = new ArrayList<String>();
        for (int i = 0; i < words.size(); i++) all.add(i == 0 ? program(words.get(i)) : argument(words.get(i)));
        return all;
    }

    /** {@code /bin/sh} is the host's own, a script of the project is not. */
    private String program(String word) {
        if (!word.contains("/")) return word;
        var moved = argument(word);
        var here = Path.of(folder).resolve(moved).normalize().toString();
        return surroundings.kind(here) == Surroundings.Kind.FILE && !moved.contains("/")
                ? "./" + moved
                : surroundings.kind(here) == Surroundings.Kind.FILE ? moved : word;
    }

    private String argument(String word) {
        if (word.startsWith("-") || word.isEmpty() || word.indexOf('\0') >= 0) return word;
        var inImage = PathMap.absolute(directory, word);
        var host = word.startsWith("/") ? paths.known(inImage) : paths.host(inImage);
        var same = Path.of(folder).resolve(word).normalize();
        if (host.isEmpty() || Path.of(host.get()).equals(same)) return word;
        var from = Path.of(folder).normalize();
        var to = Path.of(host.get());
        return from.isAbsolute() == to.isAbsolute() ? from.relativize(to).toString() : host.get();
    }
}
