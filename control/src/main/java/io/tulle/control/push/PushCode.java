package io.tulle.control.push;

import io.tulle.model.Explanation;
import io.tulle.model.Problem;
import io.tulle.model.world.ResourceRef;
import java.util.List;

/** Why a proxy was not told of a change, or of a resource. */
public final class PushCode {
    static final Explanation UNSENDABLE = new Explanation(
            "TUL1391",
            "A proxy's configuration could not be made",
            "Compiling or writing down what this proxy is to hear failed inside the control plane: a mistake in Tulle, or a resource"
                    + " with a value that its checks let through. The proxy keeps what it has; all others are told.",
            "Take back the change that came with it, and report it together with the control plane's log.");

    static final Explanation LEFT_OUT = new Explanation(
            "TUL1392",
            "A resource is left out, because no proxy could carry it out",
            "A value of the resource has no form in what proxies hear, or what it leads to cannot exist. Everything else goes on"
                    + " changing. A security policy is not left out: it denies everybody whom it selects until it is mended.",
            "Change the value that the message names, or delete the resource. Such a resource is refused when it is applied"
                    + " today; an older version of Tulle accepted it.");

    private static final Explanation HOPELESS = new Explanation(
            "TUL1393",
            "A destination of which no proxy can be told",
            "What proxies hear of the destination cannot be made, and no resource that speaks of it is to blame: an instance announced"
                    + " something that its checks let through, or it is a mistake in Tulle. Callers of it are refused; everything else is in"
                    + " force.",
            "Start the instances of the destination again, and report the message.");

    private PushCode() {}

    /** A destination that is left out, with no resource to blame. */
    public static Problem hopeless(String host, String reason) {
        return Problem.error(HOPELESS.code(), "no proxy can be told of " + host + ": " + reason, HOPELESS.fix());
    }

    /** A resource that is about to be accepted, and that no proxy could carry out. */
    public static Problem refused(ResourceRef resource, String reason) {
        return problem(resource + " cannot be carried out by any proxy: " + reason);
    }

    /** A resource that was accepted once, and is not in force as it is written. */
    static Problem leftOut(ResourceRef resource, String reason) {
        return problem(resource + " is not in force: " + reason);
    }

    private static Problem problem(String message) {
        return Problem.error(LEFT_OUT.code(), message, "change the value that is named, or delete the resource");
    }

    /** For {@code tulle help}. */
    public static List<Explanation> explanations() {
        return List.of(UNSENDABLE, LEFT_OUT, HOPELESS);
    }
}
