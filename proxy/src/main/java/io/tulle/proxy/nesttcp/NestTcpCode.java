package io.tulle.proxy.nesttcp;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Why a frame, a message or a call was refused. */
public enum NestTcpCode implements ErrorCode {
    BAD_LENGTH(
            "TUL1801",
            "A frame's length cannot be read",
            "A Nest TCP frame starts with 1 to 9 decimal digits and '#'. Something else came: another protocol (HTTP, TLS) sent to"
                    + " a nest-tcp port, or a broken client.",
            "Check that the port's protocol is right (--expose PORT/http, PORT/grpc) and that the client is a Nest TCP client."),
    BAD_UTF8(
            "TUL1802",
            "A frame is not UTF-8",
            "The bytes of a frame are not well-formed UTF-8, so that two readers could see two texts.",
            "Send text as UTF-8; Nest's own client does."),
    BAD_JSON(
            "TUL1803",
            "A frame is not one JSON object",
            "A Nest TCP message is one JSON object (RFC 8259), nested at most 256 deep, with no key twice at its top.",
            "Send what JSON.stringify gives."),
    TOO_LARGE(
            "TUL1804",
            "A message is too large",
            "A message has more bytes than a sidecar holds for one message.",
            "Send large data in parts or over HTTP, or raise the limit (docs/reference/defaults.md)."),
    BAD_PATTERN(
            "TUL1805",
            "A pattern is ambiguous",
            "The pattern can mean different handlers to different readers (deeper than 5, more than 20 keys, quotes or"
                    + " backslashes inside an object, a repeated key, not a string, number or object), so no policy could"
                    + " guard it.",
            "Use a plain string or a flat object of simple values as the pattern."),
    STALLED(
            "TUL1806",
            "A message never ended",
            "A client began a message and sent nothing more of it for 30 s.",
            "Look at the client and the network between; Nest itself gives up after the same time."),
    BAD_ID(
            "TUL1807",
            "An id cannot be used",
            "The id of a message is neither a string nor a finite number of at most 256 characters.",
            "Send the id that Nest's client draws, or any short string."),
    TOO_MANY(
            "TUL1808",
            "Too many calls wait on one connection",
            "A client has more calls without an answer on one connection than a sidecar keeps track of.",
            "Send fewer calls at a time, or find out why the service does not answer."),
    DRAINING(
            "TUL1809",
            "The instance takes nothing new",
            "The call came to an instance that is about to stop. It was not delivered, and the caller's sidecar sends it to"
                    + " another instance.",
            "Nothing, unless it was the last instance: then start another before you stop it."),
    OVERLOADED(
            "TUL1651",
            "The sidecar holds as many bytes as it may",
            "So many bytes wait in the sidecar for readers that are too slow that it takes no further message.",
            "Find the clients that ask and do not read (flag OM in the access log). The sidecar serves again once they do, or are"
                    + " gone."),
    NOT_A_CALL(
            "TUL1810",
            "A route does what a message cannot do",
            "The route answers with a redirect, which Nest TCP does not know.",
            "Let the route forward, or match HTTP only.");

    private final Explanation explanation;

    NestTcpCode(String code, String title, String cause, String fix) {
        explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
