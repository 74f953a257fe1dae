package io.tulle.proxy.nesttcp;

import io.tulle.proxy.message.Reason;
import io.tulle.proxy.resilience.Failure;
import java.util.Arrays;
import java.util.Optional;
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

    /**
     * What a peer's sidecar says of its own application, when it could not bring the answer of that: the attempt has failed
     * there as it would have here. Empty for whatever an application itself answers.
     */
    static Optional<Trouble> trouble(String json) {
        if (says(json, NestTcpCode.DRAINING.code())) return Optional.of(Trouble.DRAINING);
        if (says(json, Reason.CONNECT_FAILED.code())) return Optional.of(Trouble.NOT_LISTENING);
        if (says(json, Reason.UPSTREAM_CLOSED.code())) return Optional.of(Trouble.DIED);
        return Optional.empty();
    }

    private static boolean says(String json, String code) {
        return json.contains("\"code\":\"" + code + "\"");
    }

    /** How the peer's side failed, and what that is to a caller. */
    enum Trouble {
        DRAINING(Failure.REFUSED_STREAM, Reason.UPSTREAM_REFUSED, "it is about to stop"),
        NOT_LISTENING(Failure.CONNECT_FAILED, Reason.CONNECT_FAILED, "its application does not listen"),
        DIED(
                new Failure.ResetBeforeResponse(true, true),
                Reason.UPSTREAM_CLOSED,
                "its application closed the connection");

        final Failure failure;
        final Reason reason;
        final String detail;

        Trouble(Failure failure, Reason reason, String detail) {
            this.failure = failure;
            this.reason = reason;
            this.detail = detail;
        }
    }
}
