package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService;
import io.tulle.launch.capture.Capture;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A Compose entry's labels, those that begin with {@code tulle.} read, the others for the mesh. */
record TulleLabels(
        SortedMap<String, String> mesh,
        SortedMap<Integer, Protocol> protocols,
        Optional<Capture.Requested> capture,
        Optional<String> healthPath,
        Optional<Integer> healthPort) {
    private static final String KEY =
            "([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
    private static final String VALUE = "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?";

    static TulleLabels of(ComposeService service, List<Problem> problems) {
        var read =
                new TulleLabels(new TreeMap<>(), new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty());
        for (var label : service.labels().entrySet()) {
            var known = read;
            read = read.with(label.getKey(), label.getValue()).orElseGet(() -> {
                problems.add(refusal(service, label.getKey(), label.getValue()));
                return known;
            });
        }
        return read;
    }

    private static Problem refusal(ComposeService service, String key, String value) {
        var shown = key + "=" + (value.length() > 40 ? value.substring(0, 40) + "…" : value);
        return key.startsWith("tulle.")
                ? UpCode.BAD_LABEL.problem(service.name() + " has the label " + shown, service.place())
                : UpCode.LABEL_LEFT_OUT.warning(
                        service.name() + " has the label " + shown + ", which the mesh does not carry",
                        service.place());
    }

    /** The same with one label read; empty when it cannot be. */
    private Optional<TulleLabels> with(String key, String value) {
        if (!key.startsWith("tulle.")) {
            // One that names the service is judged as a name, and by error.
            if (!key.equals("app") && (!key.matches(KEY) || !value.matches(VALUE))) return Optional.empty();
            return Optional.of(new TulleLabels(put(mesh, key, value), protocols, capture, healthPath, healthPort));
        }
        return switch (key) {
            case "tulle.capture" ->
                Arrays.stream(Capture.Requested.values())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value))
                        .findFirst()
                        .map(one -> new TulleLabels(mesh, protocols, Optional.of(one), healthPath, healthPort));
            case "tulle.health.path" ->
                Optional.of(value)
                        .filter(path -> path.matches("/[!-~]{0,1000}"))
                        .map(path -> new TulleLabels(mesh, protocols, capture, Optional.of(path), healthPort));
            case "tulle.health.port" ->
                port(value).map(port -> new TulleLabels(mesh, protocols, capture, healthPath, Optional.of(port)));
            default -> protocol(key, value);
        };
    }

    private Optional<TulleLabels> protocol(String key, String value) {
        if (!key.startsWith("tulle.protocol.") || value.isEmpty()) return Optional.empty();
        var port = port(key.substring("tulle.protocol.".length()));
        return port.flatMap(number -> Protocol.parse(value)
                .map(found -> new TulleLabels(mesh, put(protocols, number, found), capture, healthPath, healthPort)));
    }

    private static Optional<Integer> port(String text) {
        if (!text.matches("[1-9][0-9]{0,4}")) return Optional.empty();
        return Optional.of(Integer.parseInt(text)).filter(port -> port <= 65535);
    }

    private static <K extends Comparable<K>, V> SortedMap<K, V> put(SortedMap<K, V> map, K key, V value) {
        var now = new TreeMap<K, V>(map);
        now.put(key, value);
        return now;
    }
}
