package io.tulle.launch.health;

import io.tulle.dialects.compose.ComposeService.HealthCheck.Test;
import io.tulle.dialects.reader.Json;
import io.tulle.launch.capture.Capture;
import io.tulle.launch.capture.NodeCommand;
import io.tulle.model.Problem;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** What a health check runs under a capture: words for a process, nothing at all, or a refusal that names the way out. */
public sealed interface HealthCommand {
    record Run(List<String> words) implements HealthCommand {
        public Run {
            words = List.copyOf(words);
        }
    }

    /** One GET, by this process itself: well when the status is 2xx. */
    record Fetch(URI url) implements HealthCommand {}

    /** {@code ["NONE"]}. */
    record Nothing() implements HealthCommand {}

    record Refused(Problem problem) implements HealthCommand {}

    /**
     * The command of a check.
     *
     * @param url where a label {@code tulle.health.path} says to look, {@code http://127.0.0.1:3000/health}; it counts
     *     more than the test, which was written for a container that has other tools
     */
    static HealthCommand of(String instance, Test test, Optional<URI> url, Capture capture) {
        if (url.isPresent()) {
            return switch (capture) {
                case HOOK -> new Run(List.of("node", "-e", fetching(url.get(), false)));
                case NETNS -> new Run(asking(url.get()));
                case ENV -> new Fetch(url.get());
            };
        }
        return switch (test) {
            case Test.None() -> new Nothing();
            case Test.Exec(var words) -> judged(instance, words, capture);
            case Test.Shell(var line) -> judged(instance, List.of("/bin/sh", "-c", line), capture);
        };
    }

    private static HealthCommand judged(String instance, List<String> words, Capture capture) {
        if (capture != Capture.HOOK
                || NodeCommand.nodeIn(words, Optional.empty()).isPresent()) return new Run(words);
        var web = WebCheck.of(words);
        if (web.isPresent())
            return new Run(
                    List.of("node", "-e", fetching(web.get().url(), web.get().anyAnswer())));
        return new Refused(HealthCode.NOT_NODE.problem("the healthcheck of " + instance + " runs "
                + shortened(words.getLast(), words) + ", which is not Node"));
    }

    /** Bash is there, since the guardian is one, and can be started in the application's network. */
    private static List<String> asking(URI url) {
        var script =
                "exec 3<>\"/dev/tcp/$1/$2\" && printf 'GET %s HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' \"$3\" \"$1\" >&3"
                        + " && read -r _ status _ <&3 && case $status in 2??) ;; *) echo \"status $status\"; exit 1 ;; esac";
        var port = url.getPort() < 0 ? 80 : url.getPort();
        var path = url.getRawPath()
                + Optional.ofNullable(url.getRawQuery())
                        .map(query -> "?" + query)
                        .orElse("");
        return List.of("bash", "-c", script, "health", url.getHost(), Integer.toString(port), path);
    }

    private static String shortened(String line, List<String> words) {
        var shown = words.getFirst().equals("/bin/sh") ? line : String.join(" ", words);
        return "'" + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown) + "'";
    }

    /** Node is there, since the application runs on it, and reaches the application directly. */
    private static String fetching(URI url, boolean anyAnswer) {
        return "fetch(" + Json.quoted(url.toString()) + ").then(a=>process.exit(" + (anyAnswer ? "0" : "a.ok?0:1")
                + "),()=>process.exit(1))";
    }
}
