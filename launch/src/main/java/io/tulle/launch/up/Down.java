package io.tulle.launch.up;

import io.tulle.model.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Stops a project from another shell: its session is asked to stop, in its own order, and waited for. */
public sealed interface Down {
    record Stopped() implements Down {}

    record Refused(Problem problem) implements Down {}

    /**
     * Asks and waits. A session that was killed took its processes with it (their guardians see to that); a process
     * that has got the number of a session that is gone is left alone.
     *
     * @param directory the project's, as the session was given
     */
    static Down of(Path directory, Duration patience) {
        var state = StateFile.in(directory);
        var session = state.session().flatMap(StateFile.Identity::find);
        if (session.isEmpty()) {
            state.delete(); // if there is one, it tells of a session that is no more
            return new Refused(UpCode.NOT_UP.problem("no project '" + directory.getFileName() + "' is up here"));
        }
        session.get().destroy();
        try {
            session.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Stopped();
        } catch (TimeoutException | ExecutionException _) {
            return new Refused(UpCode.STILL_THERE.problem(
                    "the session " + session.get().pid() + " has not ended after " + patience.toSeconds() + " s"));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Refused(UpCode.STILL_THERE.problem("nobody waits for the session any more"));
        }
    }
}
