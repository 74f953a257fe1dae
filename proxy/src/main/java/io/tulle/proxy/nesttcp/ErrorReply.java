package io.tulle.proxy.nesttcp;

import io.tulle.proxy.exchange.Reason;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What an error reply means as a status, for metrics and logs: nothing is decided by it. */
final class ErrorReply {
    /** What Nest's server answers when no handler has the pattern. */
    private static final String NO_HANDLER = "There is no matching message handler";

    private static final Pattern CODE = Pattern.compile("\"code\":\"(TUL\\d{4})\"");

    private ErrorReply() {}

    /** @param json the reply's {@code err} */
    static int status(String json) {
        if (json.contains(NO_HANDLER)) return 404;
        var code = CODE.matcher(json);
        if (!code.find()) return 500;
        var written = code.group(1);
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.code().equals(written) && reason.status() > 0)
                .mapToInt(Reason::status)
                .findFirst()
                .orElse(500);
    }

    /** Whether a peer's sidecar says that it did not deliver the call. */
    static boolean isRefusedByDraining(String json) {
        return json.contains("\"code\":\"" + NestTcpCode.DRAINING.code() + "\"");
    }
}
