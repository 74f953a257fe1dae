package io.tulle.control;

import io.tulle.model.Explanation;
import java.util.List;

/** What {@link Findings} can find, explained. */
public final class FindingCodes {
    static final String SELECTS_NOTHING = "TUL1370";
    static final String NOBODY_RUNS = "TUL1371";
    static final String SUSPECT = "TUL1372";
    static final String OUT_OF_SYNC = "TUL1373";
    static final String PLAINTEXT_ADMITTED = "TUL1374";
    static final String ROOT_EXPIRES = "TUL1375";
    static final String OTHER_VERSION = "TUL1376";
    static final String NOT_LISTENING = "TUL1561";

    static final String EMPTY_SUBSET = "TUL1350";

    public static final List<Explanation> ALL = List.of(
            new Explanation(
                    SELECTS_NOTHING,
                    "A policy that selects nobody",
                    "No running instance of the policy's namespace carries the labels of its selector.",
                    "Mend the selector; tulle ps shows who runs. It holds as soon as an instance carries them."),
            new Explanation(
                    NOBODY_RUNS,
                    "A service that nobody serves",
                    "The service is declared and no instance of it is there: callers are answered 503.",
                    "Start one with tulle run or tulle up, or delete the Service."),
            new Explanation(
                    EMPTY_SUBSET,
                    "A subset without an instance",
                    "A route sends requests to a subset, and no running instance of the service carries its labels: they are answered 503.",
                    "Start an instance with these labels, or give the subset weight 0 until one runs."),
            new Explanation(
                    SUSPECT,
                    "An instance that is not heard",
                    "The stream to its sidecar is lost; peers choose it only when nothing better is left.",
                    "Look at its tulle run. What does not come back is withdrawn when its lease ends."),
            new Explanation(
                    OUT_OF_SYNC,
                    "A proxy without the current configuration",
                    "It is not connected, has not confirmed yet, or refused a resource and keeps the last good one.",
                    "tulle ps says which; a refused resource is named, and the sidecar's log says why."),
            new Explanation(
                    PLAINTEXT_ADMITTED,
                    "A port that takes plaintext",
                    "A PeerAuthentication says PERMISSIVE or DISABLE: callers without a certificate come in, anonymous.",
                    "Set STRICT once every caller of the port is in the mesh."),
            new Explanation(
                    ROOT_EXPIRES,
                    "The root certificate ends soon",
                    "When the mesh's root has expired no sidecar trusts another.",
                    "Put a new root into the control plane's authority folder and restart it before then."),
            new Explanation(
                    OTHER_VERSION,
                    "Two versions of Tulle",
                    "A sidecar runs another version than the control plane.",
                    "Start the instance again with the control plane's version."),
            new Explanation(
                    NOT_LISTENING,
                    "The application does not listen on a port that it exposes",
                    "The port gets no traffic until the application listens on it, at 127.0.0.1 or at all addresses.",
                    "Name the port that the application listens on with --expose, or let it listen on the exposed one."),
            new Explanation(
                    "TUL1379",
                    "No such token",
                    "It was withdrawn, or expired more than a day ago.",
                    "tulle token list shows the tokens there are."));

    private FindingCodes() {}
}
