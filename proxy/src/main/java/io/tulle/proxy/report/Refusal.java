package io.tulle.proxy.report;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Why a connection was closed before anything was said in it. The caller sees a close; the log has the code. */
public enum Refusal implements ErrorCode {
    PLAINTEXT(
            "TUL1701",
            "plaintext where mutual TLS is asked for",
            "come through a sidecar, or set PeerAuthentication to PERMISSIVE"),
    HANDSHAKE(
            "TUL1702",
            "the TLS handshake failed",
            "see the reason beside the code: certificate, trust domain, TLS version"),
    NO_CHAIN(
            "TUL1703",
            "nothing is served under this name and port",
            "is the port declared, and the service in the mesh?"),
    PREFACE(
            "TUL1704",
            "no PROXY protocol header at the outbound door",
            "only the hook of this launch may come in here"),
    SECRET("TUL1705", "the launch's secret is missing or wrong", "only the hook of this launch may come in here"),
    WIRE(
            "TUL1706",
            "the protocol that ALPN settled on is not what the port speaks",
            "declare the port's protocol alike at both ends"),
    DENIED("TUL1707", "denied by an authorization policy", "allow this caller; the log names the policy"),
    SILENT("TUL1708", "the caller did not introduce itself in time", "is something else knocking at this port?"),
    NOT_REDIRECTED(
            "TUL1709",
            "a connection that no rule of the namespace led here",
            "dial the service itself; port 15001 is for what the rules lead there"),
    BIND("TUL1710", "a listener could not be bound", "is the port taken?"),
    NO_IDENTITY("TUL1711", "this sidecar has no certificate yet", "is the control plane reachable?"),
    TOO_MANY(
            "TUL1652",
            "a listener has as many connections open as it may",
            "close connections that idle; see who opens them (the access log, tulle_connections_accepted_total)"),
    DESCRIPTORS(
            "TUL1653",
            "a connection could not be accepted: the process may open no more files",
            "raise its limit (`ulimit -n`), or close connections that idle; it goes on by itself once some are closed"),
    DISTRUSTED(
            "TUL1713",
            "what proved a peer is not trusted any more",
            "the root was taken out of the mesh's trust; the peer joins again with a certificate of a root that is in it"),
    NOT_TOLD(
            "TUL1714",
            "the control plane did not say in time where this destination is",
            "is the control plane running? What was dialled before is known without it; this was dialled for the first time"),
    NOT_TLS("TUL1715", "plaintext at a gateway's door that speaks TLS", "write https:// instead of http://"),
    NO_CERTIFICATE(
            "TUL1716",
            "a gateway has no certificate to show yet",
            "is the Secret there, and can it be read? tulle get gateway NAME -o yaml says it under status"),
    UNCLEAR_PORT(
            "TUL1712",
            "plaintext at a mesh port behind which several ports take it: nothing tells which one is meant",
            "let one port alone be PERMISSIVE (PeerAuthentication portLevelMtls), or run the service with --capture netns");

    private final Explanation explanation;

    Refusal(String code, String title, String fix) {
        this.explanation = new Explanation(code, title, "the connection is closed", fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
