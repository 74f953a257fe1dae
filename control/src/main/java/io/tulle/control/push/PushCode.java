package io.tulle.control.push;

import io.tulle.model.Explanation;
import java.util.List;

/** Why a proxy was not told of a change. */
public final class PushCode {
    static final Explanation UNSENDABLE = new Explanation(
            "TUL1391",
            "A proxy's configuration could not be made",
            "Compiling or writing down what this proxy is to hear failed inside the control plane: a mistake in Tulle, or a resource"
                    + " with a value that its checks let through. The proxy keeps what it has; all others are told.",
            "Take back the change that came with it, and report it together with the control plane's log.");

    private PushCode() {}

    /** For {@code tulle help}. */
    public static List<Explanation> explanations() {
        return List.of(UNSENDABLE);
    }
}
