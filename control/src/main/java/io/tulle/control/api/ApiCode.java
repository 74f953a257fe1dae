package io.tulle.control.api;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import java.util.List;

/** Every code by which the API refuses, with its HTTP status and Kubernetes' word for it. */
public enum ApiCode implements ErrorCode {
    BAD_JSON(
            "TUL1320",
            400,
            "BadRequest",
            "the body is not JSON",
            "Bodies are strict JSON: UTF-8, no key twice, at most 64 levels, one value.",
            "Correct the body where the message points."),
    TOO_LARGE(
            "TUL1321",
            413,
            "RequestEntityTooLarge",
            "the body is too large",
            "A request body may have 3 MiB.",
            "Split what you send."),
    UNKNOWN_PATH(
            "TUL1322",
            404,
            "NotFound",
            "there is nothing at this path",
            "No kind of this group and version is served there.",
            "See `kubectl api-resources` for what is."),
    STRANGERS(
            "TUL1319",
            429,
            "TooManyRequests",
            "too many requests without a credential",
            "What runs without a credential is limited, so that strangers cannot use up the control plane's memory.",
            "Wait, close watches that are not needed, or ask with a credential: the Unix socket, or the token."),
    NOT_FOUND(
            "TUL1323",
            404,
            "NotFound",
            "the resource does not exist",
            "Nothing of that kind has that name in that namespace.",
            "Check name and namespace (-n)."),
    EXISTS(
            "TUL1324",
            409,
            "AlreadyExists",
            "the resource exists already",
            "A create met a resource of the same name.",
            "Use apply or replace, or another name."),
    CONFLICT(
            "TUL1325",
            409,
            "Conflict",
            "somebody changed it first",
            "The version or revision that the change was made for is not the current one.",
            "Read it again, make the change on what you read, and send that."),
    MALFORMED(
            "TUL1326",
            422,
            "Invalid",
            "the document's frame is wrong",
            "apiVersion, kind and metadata must have the types that Kubernetes gives them.",
            "Correct the field that the message names."),
    MISMATCH(
            "TUL1327",
            400,
            "BadRequest",
            "the document is not what the path says",
            "Kind, name or namespace in the body differ from those in the path.",
            "Send the document to its own path."),
    BAD_NAME(
            "TUL1328",
            422,
            "Invalid",
            "a name is not a valid one",
            "Names are DNS names (RFC 1123), labels are Kubernetes' label names and values.",
            "Use lower-case letters, digits and dashes."),
    BAD_SELECTOR(
            "TUL1329",
            400,
            "BadRequest",
            "a selector cannot be read",
            "labelSelector has Kubernetes' syntax; fieldSelector knows metadata.name and metadata.namespace.",
            "For example app=cart,version!=v2."),
    BAD_PARAMETER(
            "TUL1330",
            400,
            "BadRequest",
            "a query parameter cannot be read",
            "The value is not one that the parameter has.",
            "Correct or omit it."),
    MEDIA_TYPE(
            "TUL1331",
            415,
            "UnsupportedMediaType",
            "the body's media type is not taken",
            "Documents are application/json; patches are merge, strategic merge (core kinds) or JSON patches.",
            "Set Content-Type accordingly."),
    SERVER_SIDE_APPLY(
            "TUL1332",
            415,
            "UnsupportedMediaType",
            "server-side apply is not built yet",
            "An apply patch needs field ownership, which the store does not keep yet.",
            "Leave --server-side away."),
    METHOD(
            "TUL1333",
            405,
            "MethodNotAllowed",
            "the method is not served there",
            "The path exists, the method does not.",
            "See the verbs in `kubectl api-resources -o wide`."),
    NOT_ACCEPTABLE(
            "TUL1334",
            406,
            "NotAcceptable",
            "no form that the client accepts",
            "The API writes application/json, whole or as a Table.",
            "Accept application/json."),
    BAD_PATCH(
            "TUL1335",
            422,
            "Invalid",
            "the patch does not apply",
            "The patch names what is not there, or is not a patch of its kind.",
            "Read the resource and make the patch for it."),
    EXPIRED(
            "TUL1336",
            410,
            "Expired",
            "that version is forgotten",
            "Watches and pages begin at a recent version; the store keeps a bounded history.",
            "List again and go on from there."),
    AHEAD(
            "TUL1337",
            504,
            "Timeout",
            "Too large resource version",
            "The version is newer than the store: it comes from another store.",
            "List again and go on from there."),
    NO_CREDENTIAL(
            "TUL1338",
            401,
            "Unauthorized",
            "this needs a credential",
            "Every write, every read of a Secret and every request from another host needs one.",
            "Use `tulle kubeconfig` (TLS and a token), or the Unix socket."),
    BAD_CREDENTIAL(
            "TUL1339",
            401,
            "Unauthorized",
            "the credential is not valid",
            "The token or session is unknown or has ended.",
            "Write the kubeconfig anew, or open a new dashboard link."),
    PLAIN_TOKEN(
            "TUL1340",
            403,
            "Forbidden",
            "a token came over plain HTTP",
            "Whoever listens could have read it, so it is not taken.",
            "Use https:// on the same port."),
    FOREIGN_HOST(
            "TUL1341",
            403,
            "Forbidden",
            "the Host is not this server's",
            "A page elsewhere may have rebound its name to this address.",
            "Use localhost, 127.0.0.1 or a name that the control plane was told."),
    FOREIGN_ORIGIN(
            "TUL1342",
            403,
            "Forbidden",
            "the Origin is not this server's",
            "A web page of another origin sent the request.",
            "Use the dashboard's own address."),
    INVALID(
            "TUL1343",
            422,
            "Invalid",
            "the resource is not valid",
            "The server's checks found errors; each is listed with its own code.",
            "Correct each, `tulle help` explains the codes."),
    TOO_MANY_WATCHES(
            "TUL1344",
            429,
            "TooManyRequests",
            "too many watches are open",
            "Each open watch holds a connection.",
            "Close some, or wait."),
    INTERNAL(
            "TUL1345",
            500,
            "InternalError",
            "the control plane failed",
            "A defect of Tulle, not of the request.",
            "Report it with the control plane's log."),
    GENERATED_NAME(
            "TUL1346",
            422,
            "Invalid",
            "names are not generated",
            "metadata.generateName is not acted on.",
            "Give metadata.name."),
    BAD_REQUEST(
            "TUL1348",
            400,
            "BadRequest",
            "the request cannot be read",
            "Request line, path, headers or framing are not HTTP as it is safely read.",
            "Send it with a usual HTTP client, its path plainly written."),
    NOT_READY(
            "TUL1347",
            404,
            "NotFound",
            "the revision is not known",
            "No rollout of that revision is followed: it is newer than the store or from before a restart.",
            "Ask for the current revision.");

    private final Explanation explanation;
    private final int status;
    private final String reason;

    ApiCode(String code, int status, String reason, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
        this.status = status;
        this.reason = reason;
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    /** A refusal of this code that says what exactly. */
    Refusal because(String message) {
        return new Refusal(this, message, Subject.NONE, List.of());
    }
}
