package io.tulle.cli;

import io.tulle.xds.client.ControlAddress;
import io.tulle.xds.client.Dialer;
import io.tulle.xds.client.EndClient;
import io.tulle.xds.client.ServerTrust;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Said by the guardian of an application whose {@code tulle run} was killed, in its place; the run's number is in TULLE_RUN. */
@Command(
        name = ReportEndCommand.NAME,
        hidden = true, // nobody types it
        description = "Tell a control plane on another host that a run was killed.",
        mixinStandardHelpOptions = true)
final class ReportEndCommand implements Callable<Integer> {
    static final String NAME = "report-end";

    /** What does not come back for longer than that is looked for by other means. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Parameters(paramLabel = "NAME", description = "of the instance")
    private String name = "";

    @Option(names = "--control", required = true, paramLabel = "HOST:PORT", description = "where the control plane is")
    private String control = "";

    @Option(names = "--root", required = true, paramLabel = "HEX", description = "SHA-256 of the mesh's root")
    private String root = "";

    /** The words that say this of a run, but for its number. */
    static List<String> words(String name, String control, String root) {
        return List.of(NAME, name, "--control", control, "--root", root);
    }

    @Override
    public Integer call() {
        var run = Optional.ofNullable(System.getenv("TULLE_RUN")).orElse("");
        var address = new ControlAddress.Tcp(ControlCommand.address(control, "--control"));
        var trust = new ServerTrust.Pinned(root);
        try (var dialer = Dialer.of(address, trust, Optional::empty, Clock.systemUTC())) {
            EndClient.report(dialer, name, run, PATIENCE).ifPresent(problem -> {
                throw new Failures.Failure(Exit.UNREACHABLE, List.of(problem));
            });
        }
        return Exit.DONE;
    }
}
