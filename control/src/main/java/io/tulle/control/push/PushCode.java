package io.tulle.control.push;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import io.tulle.model.Problem;
import io.tulle.model.world.ResourceRef;

/** Why a proxy was not told of a change, or of a resource. */
public enum PushCode implements ErrorCode {
    UNSENDABLE(
            "TUL1391",
            "A proxy's configuration could not be made",
            "Compiling or writing down what this proxy is to hear failed inside the control plane: a mistake in Tulle, or a resource"
                    + " with a value that its checks let through. The proxy keeps what it has; all others are told.",
            "Take back the change that came with it, and report it together with the control plane's log."),
    LEFT_OUT(
            "TUL1392",
            "A resource is left out, because no proxy could carry it out",
            "A value of the resource has no form in what proxies hear, or what it leads to cannot exist. Everything else goes on"
                    + " changing. A security policy is not left out: it denies everybody whom it selects until it is mended.",
            "Change the value that the message names, or delete the resource. Such a resource is refused when it is applied"
                    + " today; an older version of Tulle accepted it."),
    HOPELESS(
            "TUL1393",
            "A destination of which no proxy can be told",
            "What proxies hear of the destination cannot be made, and no resource that speaks of it is to blame: an instance announced"
                    + " something that its checks let through, or it is a mistake in Tulle. Callers of it are refused; everything else is in"
                    + " force.",
            "Start the instances of the destination again, and report the message.");

    private final Explanation explanation;

    PushCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    /** A destination that is left out, with no resource to blame. */
    public static Problem hopeless(String host, String reason) {
        return HOPELESS.problem("no proxy can be told of " + host + ": " + reason);
    }

    /** A resource that is about to be accepted, and that no proxy could carry out. */
    public static Problem refused(ResourceRef resource, String reason) {
        return unfit(resource + " cannot be carried out by any proxy: " + reason);
    }

    /** A resource that was accepted once, and is not in force as it is written. */
    static Problem leftOut(ResourceRef resource, String reason) {
        return unfit(resource + " is not in force: " + reason);
    }

    private static Problem unfit(String message) {
        return LEFT_OUT.problem(message, "change the value that is named, or delete the resource");
    }
}
