package io.tulle.cli;

import io.tulle.cli.api.Mesh;
import io.tulle.model.OneLine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts resources in force, all of them as one revision. */
@Command(
        name = "apply",
        description = "Put resources in force: all of them, or none.",
        footer = {"", "Example: tulle apply -f canary.yaml --wait"},
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private MeshOption mesh = new MeshOption();

    @Mixin
    private ResourceOptions meant = new ResourceOptions();

    @Option(names = "--wait", description = "return when every proxy has confirmed, and name those that have not")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "how long --wait waits (default: ${DEFAULT-VALUE})")
    private int timeout = 30;

    @Option(names = "--dry-run", description = "only say what would happen")
    private boolean dryRun;

    @Override
    public Integer call() {
        var resources = meant.read();
        var out = spec.commandLine().getOut();
        try (var control = mesh.api()) {
            var applied = control.apply(resources, List.of(), dryRun);
            applied.warnings().forEach(w -> spec.commandLine().getErr().println(w.explained()));
            applied.results()
                    .forEach(r -> out.println(OneLine.of(r.name() + " " + r.word()) + (dryRun ? " (dry run)" : "")));
            out.println("revision " + applied.revision());
            out.flush();
            return wait && !dryRun ? await(control, applied.revision()) : Exit.DONE;
        }
    }

    private int await(Mesh control, long revision) {
        var out = spec.commandLine().getOut();
        var end = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
        while (true) {
            var progress = control.progress(revision);
            var rejected =
                    progress.waiting().stream().filter(Mesh.Waiting::rejected).toList();
            var open = progress.waiting().size() - rejected.size();
            if (open == 0 || System.nanoTime() > end) {
                out.println("revision " + revision + ": " + progress.done() + " of " + progress.proxies() + " proxies");
                if (progress.waiting().isEmpty() && progress.told() == 0 && progress.proxies() > 0)
                    out.println(
                            "  no proxy uses it yet: each hears of it when its application first calls what it is about");
                progress.waiting().forEach(w -> out.println("  " + told(w)));
                return progress.waiting().isEmpty() ? Exit.DONE : Exit.FINDINGS;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** The reason is the proxy's, which may be anybody's. */
    static String told(Mesh.Waiting one) {
        return OneLine.of(one.proxy() + (one.rejected() ? " rejected it: " + one.reason() : " has not answered yet"));
    }
}
