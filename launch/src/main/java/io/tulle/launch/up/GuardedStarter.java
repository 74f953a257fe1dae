package io.tulle.launch.up;

import io.tulle.launch.process.Application;
import io.tulle.launch.process.Console;
import io.tulle.launch.process.RunDirectory;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Starts {@code tulle run …} under a guardian: in a process group of its own, so that Ctrl-C reaches `up` alone, which
 * stops in order; and ended when `up` itself is killed.
 *
 * @param launcher the words that start Tulle: {@code /opt/tulle/bin/tulle}, or a Java with its class path
 */
public record GuardedStarter(List<String> launcher) implements Starter {
    public GuardedStarter {
        launcher = List.copyOf(launcher);
    }

    @Override
    public Child start(Launch launch, Path runDirectory) {
        var words = new ArrayList<>(launcher);
        words.addAll(launch.arguments(runDirectory));
        var guard = RunDirectory.create(runDirectory.resolveSibling("guard-" + runDirectory.getFileName()));
        var application = Application.start(
                new Application.Command(words, launch.workingDirectory(), launch.environment()),
                guard,
                new Console.Piped());
        var exit = application.exit().whenComplete((_, _) -> {
            application.close();
            guard.close();
        });
        return new Guarded(application, exit);
    }

    private record Guarded(Application application, CompletableFuture<Integer> exit) implements Child {
        @Override
        public ProcessHandle handle() {
            return application.process().toHandle();
        }

        @Override
        public InputStream output() {
            return application.process().getInputStream();
        }

        @Override
        public void terminate() {
            application.signal("TERM");
        }

        @Override
        public void kill() {
            application.signal("KILL");
        }
    }
}
