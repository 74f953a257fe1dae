package io.tulle.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a comparison is told on its command line, each with a default.
 *
 * @param rate requests a second for everybody, below what the slowest can do
 * @param warm seconds of rising load, up to 1.4 times the rate, before anything is measured
 * @param connections that stand from the start of each round
 * @param only names of those that take part; empty means all that are installed
 * @param tulles further Tulles, {@code NAME=FLAGS} or {@code NAME@LAUNCHER=FLAGS}, beside the one as shipped
 * @param launcher {@code bin/tulle} as shipped
 * @param prefix before each proxy's command
 */
record Options(
        int rounds,
        int seconds,
        double rate,
        int warm,
        int connections,
        List<String> scenarios,
        List<String> only,
        List<String> tulles,
        Path envoy,
        Path launcher,
        List<String> prefix,
        Optional<Path> result) {

    static Options parse(List<String> args) {
        var given = new HashMap<String, String>();
        var tulles = new ArrayList<String>();
        for (var arg : args) {
            var equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) throw new IllegalArgumentException("--name=value, not " + arg);
            if (arg.startsWith("--tulle=")) tulles.add(arg.substring(equals + 1));
            else given.put(arg.substring(2, equals), arg.substring(equals + 1));
        }
        var options = new Options(
                number(given, "rounds", 7),
                number(given, "seconds", 10),
                number(given, "rate", 1000),
                number(given, "warm", 40),
                number(given, "connections", 16),
                words(given, "scenarios", "plain,pair"),
                words(given, "only", ""),
                List.copyOf(tulles),
                Path.of(Optional.ofNullable(given.remove("envoy")).orElse("envoy")),
                Path.of(Optional.ofNullable(given.remove("launcher")).orElse("tulle")),
                List.of(Optional.ofNullable(given.remove("prefix"))
                        .orElse("taskset -c 0")
                        .split(" ")),
                Optional.ofNullable(given.remove("result")).map(Path::of));
        if (!given.isEmpty()) throw new IllegalArgumentException("no such option: " + given.keySet());
        return options;
    }

    boolean takesPart(String name) {
        return only.isEmpty() || only.contains(name);
    }

    private static int number(Map<String, String> given, String name, int otherwise) {
        return Optional.ofNullable(given.remove(name)).map(Integer::parseInt).orElse(otherwise);
    }

    private static List<String> words(Map<String, String> given, String name, String otherwise) {
        var text = Optional.ofNullable(given.remove(name)).orElse(otherwise);
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }
}
