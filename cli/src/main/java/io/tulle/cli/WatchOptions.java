package io.tulle.cli;

import io.tulle.agent.run.Watching;
import io.tulle.cli.code.CliCode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a sidecar shows beside its metrics: the same options for one run and for all of an {@code up}. */
final class WatchOptions {
    private static final double USUAL = 0.01; // Istio's
    private static final String EVERYWHERE = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "add a line for each request, in Istio's format; in a folder, to NAME.log")
    private Optional<Path> accessLog = Optional.empty();

    @Option(
            names = "--otlp",
            paramLabel = "URL",
            description = "send traces to this collector, OTLP over HTTP (default: " + EVERYWHERE
                    + " of the environment, else none)")
    private Optional<String> otlp = Optional.empty();

    @Option(
            names = "--trace-ratio",
            paramLabel = "SHARE",
            defaultValue = "0.01",
            description =
                    "the share of requests that begin a trace; a caller that is sampled is followed (default: ${DEFAULT-VALUE})")
    private double ratio = USUAL;

    Watching.Wanted wanted(String instance) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw usage(
                    CliCode.NOT_A_SHARE,
                    "--trace-ratio is from 0 to 1, not " + ratio,
                    "--trace-ratio 0.1 takes one in ten");
        }
        var log = accessLog.map(path -> Files.isDirectory(path) ? path.resolve(instance + ".log") : path);
        return new Watching.Wanted(log, collector().map(url -> new Watching.Traces(url, ratio)));
    }

    /** As arguments for each run of an {@code up}, which runs elsewhere: files by their whole path. */
    List<String> arguments() {
        var words = new ArrayList<String>();
        accessLog.ifPresent(path ->
                words.addAll(List.of("--access-log", path.toAbsolutePath().toString())));
        otlp.ifPresent(url -> words.addAll(List.of("--otlp", url)));
        if (ratio != USUAL) words.addAll(List.of("--trace-ratio", Double.toString(ratio)));
        return words;
    }

    /** OpenTelemetry's rule: the traces' own endpoint is taken as it is, the common one gets the path. */
    private Optional<URI> collector() {
        var common = otlp.or(() -> variable(EVERYWHERE)).map(WatchOptions::traces);
        return otlp.isPresent()
                ? common
                : variable(TRACES).map(WatchOptions::address).or(() -> common);
    }

    private static URI traces(String base) {
        var address = address(base);
        var path = Optional.ofNullable(address.getPath()).orElse("");
        if (path.endsWith("/v1/traces")) return address;
        return URI.create(base.replaceFirst("/*$", "") + "/v1/traces");
    }

    private static URI address(String text) {
        try {
            var address = URI.create(text);
            var http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (http && address.getHost() != null) return address;
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw usage(
                CliCode.NO_COLLECTOR,
                "'" + text + "' is no address of a collector",
                "for example http://127.0.0.1:4318");
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    private static Failures.Failure usage(CliCode code, String message, String fix) {
        return new Failures.Failure(Exit.USAGE, List.of(code.problem(message, fix)));
    }
}
