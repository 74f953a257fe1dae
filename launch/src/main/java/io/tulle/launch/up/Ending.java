package io.tulle.launch.up;

import io.tulle.model.Problem;
import java.util.List;

/** How a session ended. */
public sealed interface Ending {
    /** As it was asked to: Ctrl-C, or {@code tulle down}. */
    record Stopped() implements Ending {}

    /**
     * Every instance ended by itself.
     *
     * @param code the first that is not 0, in the order of the plan
     */
    record Finished(int code) implements Ending {}

    /**
     * Not all could be started, and those that were are stopped again.
     *
     * @param lastLines of the instance that is to blame, at most 20
     */
    record Failed(Problem problem, List<String> lastLines) implements Ending {
        public Failed {
            lastLines = List.copyOf(lastLines);
        }
    }
}
