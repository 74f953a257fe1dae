package io.tulle.launch.hook;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import java.util.LinkedHashMap;

/** What the hook says to people ({@code node-hook/src} prints these), and why one was refused at the control socket. */
public enum HookCode implements ErrorCode {
    NO_SETTINGS(
            "TUL2100",
            "The hook has no settings",
            "TULLE_HOOK names a file that is gone or cannot be read, so that the process is outside the mesh: its run has ended, or the"
                    + " variable was copied from another one.",
            "Start the process again through tulle run, or unset TULLE_HOOK."),
    SIDECAR_AWAY(
            "TUL2101",
            "The sidecar is away",
            "A connect to a service of the mesh found nobody at the sidecar's socket. It fails as a refused connection, and never goes around"
                    + " the mesh in plaintext.",
            "Is the tulle run process alive? Start it again."),
    WHICH_SERVICE(
            "TUL2102",
            "localhost could mean several services",
            "More than one service of the namespace declares this port, so that the connection was left alone and goes around the mesh.",
            "Call the service by its name."),
    HOOK_FAILED(
            "TUL2103",
            "The hook failed somewhere",
            "A fault in the hook. A destination that it could not judge is refused; all else goes on.",
            "Report it with the line that it printed and the application's Node version."),
    NOT_UNDERSTOOD(
            "TUL2104",
            "The hook does not understand the sidecar",
            "A line on the control socket is not what the protocol says.",
            "Let application and sidecar be of one Tulle: start the run again."),
    PAST_THE_SIDECAR(
            "TUL2105",
            "A connection past the sidecar was destroyed",
            "The port where the hook moved the application's listener answers its sidecar and its own processes alone.",
            "Reach the service by its name, or by its published port."),
    ADD_ON(
            "TUL2106",
            "A native add-on opens connections by itself",
            "The application loaded an add-on that imports connect, or links a client library that does. What it opens goes around the"
                    + " mesh, without mutual TLS and past every policy.",
            "Run it with --capture netns, or use a client in JavaScript."),
    BAD_HELLO(
            "TUL2110",
            "Not a hook",
            "What connected to the run's control socket did not say hello as the hook of this protocol does.",
            "Nothing but Tulle's hook should use this socket; look for a process that opens every file it finds."),
    WRONG_SECRET(
            "TUL2111",
            "The hook does not know this run's secret",
            "A process connected to the run's control socket with the secret of another run, or none.",
            "Start the process again through tulle run, so that it gets the settings of the run that is there now."),
    OTHER_VERSION(
            "TUL2112",
            "Hook and sidecar differ in version",
            "The hook that the application loaded is of another Tulle than the sidecar.",
            "Start the application again with tulle run of one version."),
    BAD_LINE(
            "TUL2113",
            "A line of the hook cannot be read",
            "A line on the control socket is longer than 1 MiB, or no JSON object, or lacks what its kind needs.",
            "This is a fault in the hook: report it with the application's Node version.");

    private final Explanation explanation;

    HookCode(String code, String title, String cause, String fix) {
        explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    /** The line that tells a hook why it is sent away. */
    String refusal(String reason) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("code", explanation.code());
        fields.put("reason", reason);
        fields.put("fix", explanation.fix());
        var line = new LinkedHashMap<String, Node>();
        line.put("refused", Node.mapOfTexts(fields));
        return Json.compact(Node.mapOf(line));
    }
}
