package io.tulle.control;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** What {@link Findings} can find, and what the edges of the control plane refuse by themselves. */
public enum ControlCode implements ErrorCode {
    SELECTS_NOTHING(
            "TUL1370",
            "A policy that selects nobody",
            "No running instance of the policy's namespace carries the labels of its selector.",
            "Mend the selector; tulle ps shows who runs. It holds as soon as an instance carries them."),
    NOBODY_RUNS(
            "TUL1371",
            "A service that nobody serves",
            "The service is declared and no instance of it is there: callers are answered 503.",
            "Start one with tulle run or tulle up, or delete the Service."),
    EMPTY_SUBSET(
            "TUL1350",
            "A subset without an instance",
            "A route sends requests to a subset, and no running instance of the service carries its labels: they are answered 503.",
            "Start an instance with these labels, or give the subset weight 0 until one runs."),
    SUSPECT(
            "TUL1372",
            "An instance that is not heard",
            "The stream to its sidecar is lost; peers choose it only when nothing better is left.",
            "Look at its tulle run. What does not come back is withdrawn when its lease ends."),
    OUT_OF_SYNC(
            "TUL1373",
            "A proxy without the current configuration",
            "It is not connected, has not confirmed yet, or refused a resource and keeps the last good one.",
            "tulle ps says which; a refused resource is named, and the sidecar's log says why."),
    PLAINTEXT_ADMITTED(
            "TUL1374",
            "A port that takes plaintext",
            "A PeerAuthentication says PERMISSIVE or DISABLE: callers without a certificate come in, anonymous.",
            "Set STRICT once every caller of the port is in the mesh."),
    ROOT_EXPIRES(
            "TUL1375",
            "The root certificate ends soon",
            "When the mesh's root has expired no sidecar trusts another.",
            "Put a new root into the control plane's authority folder and restart it before then."),
    OTHER_VERSION(
            "TUL1376",
            "Two versions of Tulle",
            "A sidecar runs another version than the control plane.",
            "Start the instance again with the control plane's version."),
    NOT_LISTENING(
            "TUL1561",
            "The application does not listen on a port that it exposes",
            "The port gets no traffic until the application listens on it, at 127.0.0.1 or at all addresses.",
            "Name the port that the application listens on with --expose, or let it listen on the exposed one."),
    UNWELL(
            "TUL1381",
            "An instance whose health check does not pass",
            "Its application listens, and what --health-cmd or --health-path asks it does not say that it is well: its ports get"
                    + " no traffic until it does.",
            "Look at what the application prints; its tulle run has said what the check answered."),
    NO_SUCH_TOKEN(
            "TUL1379",
            "No such token",
            "It was withdrawn, or expired more than a day ago.",
            "tulle token list shows the tokens there are."),
    NOT_YOURS(
            "TUL1560",
            "Another instance's certificate",
            "A sidecar asked for the configuration of an instance that its certificate does not name.",
            "Let each sidecar join by itself.");

    private final Explanation explanation;

    ControlCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
