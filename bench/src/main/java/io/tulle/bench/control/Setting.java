package io.tulle.bench.control;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run is told on its command line, each with a default.
 *
 * @param sidecars that hear configuration; each is an instance of a service as well
 * @param services spread over {@code namespaces}
 * @param endpoints of each service; those that are no sidecar of this run are registered and hear nothing
 * @param warm changes before anything is measured
 * @param changes that are measured, of each kind
 * @param documents of the one large {@code apply}
 * @param heap of the control plane, as -Xmx takes it
 * @param launcher {@code bin/tulle} of a distribution
 */
record Setting(
        int sidecars,
        int services,
        int endpoints,
        int namespaces,
        int warm,
        int changes,
        int documents,
        String heap,
        Path launcher,
        Optional<Path> result) {

    private static final int REHEARSED = 500;

    static Setting parse(List<String> args) {
        var given = new HashMap<String, String>();
        for (var arg : args) {
            var equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) throw new IllegalArgumentException("--name=value, not " + arg);
            given.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
        var setting = new Setting(
                number(given, "sidecars", 1000),
                number(given, "services", 1000),
                number(given, "endpoints", 4),
                number(given, "namespaces", 10),
                number(given, "warm", 50),
                number(given, "changes", 50),
                number(given, "documents", 2000),
                Optional.ofNullable(given.remove("heap")).orElse("8g"),
                Path.of(Optional.ofNullable(given.remove("launcher")).orElse("tulle")),
                Optional.ofNullable(given.remove("result")).map(Path::of));
        if (!given.isEmpty()) throw new IllegalArgumentException("no such option: " + given.keySet());
        return setting;
    }

    /** A small mesh, for the clients' own JVM: in a mesh they are a thousand machines, and here one that would compile while it is measured. */
    Setting rehearsal() {
        return new Setting(
                Math.min(sidecars, REHEARSED),
                Math.min(services, REHEARSED),
                1,
                namespaces,
                warm,
                changes,
                documents,
                heap,
                launcher,
                Optional.empty());
    }

    String namespace(int service) {
        return "ns" + service % namespaces;
    }

    static String service(int number) {
        return "svc-" + number;
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        return Optional.ofNullable(given.remove(name)).map(Integer::parseInt).orElse(otherwise);
    }
}
