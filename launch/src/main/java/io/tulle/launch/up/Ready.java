package io.tulle.launch.up;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.process.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a {@code tulle run} leaves in its run directory, as the file {@code ready}, once sidecar and application are
 * ready: {@code {"capture":"hook","environment":{"NODE_OPTIONS":…},"admin":40123}}. Keys of later versions are read past.
 *
 * @param environment what the launch added to the application's environment, so that a health check gets it too
 * @param around words before a command that is to run where the application is; none where that is this host's network
 * @param admin the loopback port of the sidecar's admin pages; 0 for none
 */
public record Ready(Capture capture, SortedMap<String, String> environment, List<String> around, int admin) {
    /** The file's name. */
    public static final String FILE = "ready";

    /** The same words as soon as the application has been started, whatever it listens on. */
    public static final String LAUNCHED = "launched";

    public Ready {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        around = List.copyOf(around);
    }

    /** Writes the file whole: who sees it can read it. */
    public void write(RunDirectory directory) {
        write(directory, FILE);
    }

    /** Says that the application has been started. */
    public void announce(RunDirectory directory) {
        write(directory, LAUNCHED);
    }

    private void write(RunDirectory directory, String name) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("capture", Node.of(capture.written()));
        fields.put("environment", Node.mapOfTexts(environment));
        fields.put("around", Node.listOf(around.stream().map(Node::of).toList()));
        fields.put("admin", Node.of(admin));
        var beside = directory.write(name + ".new", Json.compact(Node.mapOf(fields)));
        try {
            Files.move(beside, directory.place(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what an earlier run left, so that it is not taken for this one's. */
    static void forget(Path runDirectory) {
        try {
            Files.deleteIfExists(runDirectory.resolve(FILE));
            Files.deleteIfExists(runDirectory.resolve(LAUNCHED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the file of a run directory; empty while it is not there, or when nobody can read it. */
    public static Optional<Ready> read(Path runDirectory) {
        return read(runDirectory, FILE);
    }

    /** What was said when the application had been started; empty before that. */
    static Optional<Ready> launched(Path runDirectory) {
        return read(runDirectory, LAUNCHED);
    }

    private static Optional<Ready> read(Path runDirectory, String name) {
        var file = runDirectory.resolve(name);
        try {
            var reading = new Reader().json(name, Files.readAllBytes(file));
            return reading.documents().stream().findFirst().flatMap(Ready::of);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<Ready> of(Node document) {
        var environment = new TreeMap<String, String>();
        if (document.at("environment").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping mapping) {
            for (var entry : mapping.entries()) {
                if (entry.value() instanceof Node.Text(var _, var text)) environment.put(entry.key(), text);
            }
        }
        var around = new ArrayList<String>();
        if (document.at("around").orElse(Node.Mapping.EMPTY) instanceof Node.Sequence(var _, var words)) {
            for (var word : words) if (word instanceof Node.Text(var _, var text)) around.add(text);
        }
        var admin =
                document.at("admin").orElse(Node.of(0)) instanceof Node.Numeral(var _, var port) ? port.intValue() : 0;
        var written = document.at("capture").orElse(Node.of(""));
        return Arrays.stream(Capture.values())
                .filter(one -> written instanceof Node.Text(var _, var text)
                        && one.written().equals(text))
                .findFirst()
                .map(capture -> new Ready(capture, environment, around, admin));
    }
}
