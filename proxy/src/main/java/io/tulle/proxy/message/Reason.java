package io.tulle.proxy.message;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/**
 * Why the mesh answered in the application's place, or ended an exchange early. Its code goes to the caller, to the log
 * and to {@code tulle help}.
 */
public enum Reason implements ErrorCode {
    NO_ROUTE("TUL1601", 404, Flag.NR, Fault.CALLER, "no route matches", "add a route, or ask for a path that has one"),
    DENIED(
            "TUL1602",
            403,
            Flag.UAEX,
            Fault.POLICY,
            "denied by an authorization policy",
            "allow this caller; the sidecar's log names the policy"),
    NONE_HEALTHY(
            "TUL1603",
            503,
            Flag.UH,
            Fault.APPLICATION,
            "no endpoint is up",
            "see `tulle ps` for the service's instances"),
    NO_CLUSTER("TUL1604", 503, Flag.NC, Fault.MESH, "the route leads to nothing", "run `tulle check`"),
    CONNECT_FAILED(
            "TUL1605",
            503,
            Flag.UF,
            Fault.APPLICATION,
            "could not connect to the endpoint",
            "is the application listening? see `tulle ps`"),
    UPSTREAM_CLOSED(
            "TUL1606",
            503,
            Flag.UC,
            Fault.APPLICATION,
            "the endpoint closed the connection before it answered",
            "see the application's log"),
    OVER_LIMIT(
            "TUL1607",
            503,
            Flag.UO,
            Fault.POLICY,
            "a limit of the cluster is reached",
            "raise connectionPool in the DestinationRule, or send less"),
    TIMEOUT(
            "TUL1608",
            504,
            Flag.UT,
            Fault.APPLICATION,
            "the endpoint did not answer in time",
            "raise the route's timeout, or make the endpoint faster"),
    BAD_ANSWER(
            "TUL1609",
            502,
            Flag.UPE,
            Fault.APPLICATION,
            "the endpoint broke the protocol",
            "see the application's log"),
    FILTER_FAILED(
            "TUL1610",
            500,
            Flag.NONE,
            Fault.MESH,
            "a filter failed, so the request was refused",
            "report the sidecar's log"),
    NOT_SERVED("TUL1611", 404, Flag.NR, Fault.CALLER, "nothing is served here any more", "connect again"),
    FAULT_INJECTED(
            "TUL1612",
            503,
            Flag.FI,
            Fault.POLICY,
            "a fault was injected by the route",
            "remove the fault from the route"),
    UPSTREAM_REFUSED(
            "TUL1614", 503, Flag.UR, Fault.APPLICATION, "the endpoint reset the stream", "see the application's log"),
    CALLER_GONE(
            "TUL1615",
            0,
            Flag.DC,
            Fault.CALLER,
            "the caller hung up",
            "raise the caller's own timeout, or answer faster"),
    LOCAL_RESET("TUL1616", 503, Flag.LR, Fault.MESH, "the sidecar ended the exchange", "see the sidecar's log"),
    MESSAGE(
            "TUL1618",
            400,
            Flag.DPE,
            Fault.CALLER,
            "a message that cannot be read in one way, or is too large",
            "see the code beside it (TUL18xx)"),
    IDLE("TUL1617", 408, Flag.SI, Fault.CALLER, "no byte passed for too long", "send something, or close"),

    REQUEST_LINE(
            "TUL1620",
            400,
            Flag.DPE,
            Fault.CALLER,
            "malformed request line",
            "send METHOD SP target SP HTTP/1.1 (RFC 9112 section 3)"),
    HEADER(
            "TUL1621",
            400,
            Flag.DPE,
            Fault.CALLER,
            "malformed header field",
            "send name: value, one line each (RFC 9112 section 5)"),
    HEAD_TOO_LARGE(
            "TUL1622", 431, Flag.DPE, Fault.CALLER, "the request head is too large", "send fewer or shorter headers"),
    LENGTH(
            "TUL1623",
            400,
            Flag.DPE,
            Fault.CALLER,
            "malformed or repeated content-length",
            "send one decimal length (RFC 9112 section 6.3)"),
    TRANSFER_ENCODING(
            "TUL1624",
            400,
            Flag.DPE,
            Fault.CALLER,
            "transfer-encoding other than one `chunked`",
            "send `transfer-encoding: chunked`, in HTTP/1.1 only"),
    TWO_LENGTHS(
            "TUL1625",
            400,
            Flag.DPE,
            Fault.CALLER,
            "both content-length and transfer-encoding",
            "send one of them (RFC 9112 section 6.1)"),
    HOST(
            "TUL1626",
            400,
            Flag.DPE,
            Fault.CALLER,
            "missing, repeated or malformed host",
            "send one host (RFC 9112 section 3.2)"),
    CHUNK(
            "TUL1627",
            400,
            Flag.DPE,
            Fault.CALLER,
            "malformed chunk",
            "send size CRLF bytes CRLF (RFC 9112 section 7.1)"),
    VERSION("TUL1628", 505, Flag.DPE, Fault.CALLER, "HTTP version not served here", "send HTTP/1.1"),
    METHOD("TUL1629", 405, Flag.DPE, Fault.CALLER, "CONNECT is not served", "connect to the service itself"),
    PATH("TUL1630", 400, Flag.DPE, Fault.CALLER, "malformed path", "percent-encode it and leave out NUL"),
    EXPECTATION(
            "TUL1631",
            417,
            Flag.DPE,
            Fault.CALLER,
            "an expectation other than 100-continue",
            "leave the expect header out"),
    HEAD_TIMEOUT("TUL1632", 408, Flag.DPE, Fault.CALLER, "the request head did not come in time", "send it at once"),
    LINE_END(
            "TUL1633",
            400,
            Flag.DPE,
            Fault.CALLER,
            "a line ends otherwise than with CRLF",
            "end lines with CRLF (RFC 9112 section 2.2)"),
    CONTROL_BYTE(
            "TUL1634",
            400,
            Flag.DPE,
            Fault.CALLER,
            "a control byte where none may be",
            "leave it out (RFC 9110 section 5.5)"),
    TRAILER(
            "TUL1635",
            400,
            Flag.DPE,
            Fault.CALLER,
            "a field that may not be a trailer",
            "send it in the head (RFC 9110 section 6.5.1)"),
    BODY_CUT("TUL1636", 400, Flag.DPE, Fault.CALLER, "the connection ended inside a request", "send the whole request"),
    HTTP2(
            "TUL1637",
            400,
            Flag.DPE,
            Fault.CALLER,
            "the rules of HTTP/2 were broken",
            "the log says which; see RFC 9113, or the caller's HTTP/2 library"),
    FLOOD(
            "TUL1638",
            429,
            Flag.OM,
            Fault.CALLER,
            "too many frames that only cost",
            "send fewer resets, pings and settings on a connection"),
    METHOD_LENGTH(
            "TUL1640",
            501,
            Flag.DPE,
            Fault.CALLER,
            "the method is longer than 32 characters",
            "send one of the methods of RFC 9110, or a shorter one of your own"),
    OVERLOADED(
            "TUL1650",
            503,
            Flag.OM,
            Fault.CALLER,
            "the sidecar holds as many bytes as it may for readers that are too slow",
            "find the callers that ask and do not read (flag OM in the log); it serves again once they do or are gone"),

    UNTRUSTED_SERVER(
            "TUL1670",
            503,
            Flag.UF,
            Fault.APPLICATION,
            "the sidecar does not accept the server's certificate",
            "the text beside the code says what is wrong: for an unknown issuer name its root in caCertificates of the"
                    + " DestinationRule; for another name set sni or subjectAltNames, if that name is the server you mean; an"
                    + " expired certificate is the server's to renew"),
    TLS_FAILED(
            "TUL1671",
            503,
            Flag.UF,
            Fault.APPLICATION,
            "the sidecar and the server do not agree on TLS",
            "check that the server speaks TLS at the port that targetPort names, and whether it wants a client's certificate"
                    + " (mode MUTUAL)"),
    TLS_FILES(
            "TUL1672",
            503,
            Flag.UF,
            Fault.POLICY,
            "the sidecar cannot use a file that the DestinationRule names",
            "put the file on the sidecar's host, readable for its user, in PEM; it is looked at again after five seconds");

    private final Explanation explanation;
    private final int status;
    private final Flag flag;
    private final Fault fault;

    Reason(String code, int status, Flag flag, Fault fault, String title, String fix) {
        this.explanation =
                new Explanation(code, title, "answered with status " + status + ", flag " + flag.written(), fix);
        this.status = status;
        this.flag = flag;
        this.fault = fault;
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    /** The HTTP status of the answer; 0 where there can be none. */
    public int status() {
        return status;
    }

    /** Whether the caller is told what was seen: it is about a server that the caller chose itself. */
    public boolean isTold() {
        return this == UNTRUSTED_SERVER || this == TLS_FAILED || this == TLS_FILES;
    }

    public Flag flag() {
        return flag;
    }

    public Fault fault() {
        return fault;
    }

    /** Who has to act. */
    public enum Fault {
        NOBODY,
        CALLER,
        APPLICATION,
        POLICY,
        MESH
    }
}
