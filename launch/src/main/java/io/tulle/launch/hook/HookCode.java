package io.tulle.launch.hook;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import java.util.LinkedHashMap;
import java.util.List;

/** Why a hook was refused at the control socket. */
public enum HookCode implements ErrorCode {
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

    /** All codes of the control socket. */
    public static List<Explanation> explanations() {
        return ErrorCode.explanations(values());
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
