package io.tulle.xds;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** The codes of this room: TUL14xx between a control plane and those who listen to it, TUL155x what an instance says of itself. */
public enum XdsCode implements ErrorCode {
    UNSUPPORTED(
            "TUL1401",
            "a field is set that this proxy does not act on",
            "the control plane sent an Envoy resource with a feature that Tulle's proxy does not have",
            "remove the feature from the configuration that the control plane compiles; the reason names the"
                    + " field"),
    MALFORMED(
            "TUL1402",
            "a resource cannot be read",
            "its bytes are no message of the type that it claims",
            "look at the control plane: its version, or what lies between it and the proxy"),
    INVALID(
            "TUL1403",
            "a value lies outside what its field allows",
            "a number is out of range, an expression is no RE2, an address is none, or a needed field is empty",
            "correct the value that the reason names"),
    UNKNOWN_EXTENSION(
            "TUL1404",
            "an extension that this proxy does not have",
            "a filter, transport socket or other typed_config of a type unknown here",
            "remove the extension, or use a proxy that has it"),
    UNPLANNED(
            "TUL1405",
            "the proxy cannot build its plan from what it heard",
            "resources that are well-formed each do not fit together",
            "read the reason; when Tulle's own control plane sent them this is a defect worth a report"),
    MISNAMED(
            "TUL1406",
            "a resource's name is not the one that it was sent under",
            "the name inside the resource and that of its envelope differ, or it has none",
            "look at the control plane that sent it"),
    TOO_MANY_NAMES(
            "TUL1410",
            "a client subscribes to more resources than the server allows",
            "a stream is limited in how many names it may ask for",
            "subscribe by wildcard, or raise the server's limit"),
    NO_NODE(
            "TUL1411",
            "the first request of a stream names no node",
            "xDS identifies a client by node.id in its first request",
            "set node.id (Envoy: --service-node) to the instance's id"),
    UNKNOWN_TYPE(
            "TUL1412",
            "a type of resource that this server does not serve",
            "the request's type_url is empty or unknown",
            "ask for listeners, routes, clusters, endpoints, secrets or tulle.peer.v1.Peer"),
    NODE_CHANGED(
            "TUL1413",
            "a stream changed its node",
            "a later request on the same stream carries another node.id",
            "open a stream of its own for each node"),
    TOO_MANY_STREAMS(
            "TUL1414",
            "a client holds more streams than the server allows",
            "streams of one peer are limited, so that one cannot starve the others",
            "close streams that are no longer used, or raise the server's limit"),
    NO_IDENTITY(
            "TUL1415",
            "the caller has not proved who it is",
            "this call needs a certificate of the mesh, or the control plane's own Unix socket",
            "join first; then call with the leaf"),
    OUT_OF_TURN(
            "TUL1416",
            "a message that cannot come now",
            "the first message of a registration is Register, once, and nothing comes after Leave",
            "look at the client; its version may not fit the server's"),
    BAD_NAME(
            "TUL1417",
            "a name or value in a request is empty, too long or no text",
            "names have 1 to 512 characters without control characters",
            "look at the client that sent it"),
    UNREACHABLE(
            "TUL1418",
            "the control plane cannot be reached",
            "nothing listens at its address, or what answers does not prove that it is the mesh's own",
            "start `tulle control`, and check the address and the trust root"),
    NAME_UNFIT(
            "TUL1550",
            "an instance announced a name that is none",
            "Instance ids, namespaces and services are DNS labels; capabilities are short words; versions are printable.",
            "Use a-z, 0-9 and '-' (inside), at most 63 characters."),
    PORTS_UNFIT(
            "TUL1551",
            "an instance announced ports that cannot be",
            "Ports are 1 to 65535, each declared once, with a known protocol; a door leads to a declared port.",
            "Correct --expose and --publish; `tulle help run` lists the protocols."),
    ADDRESS_UNFIT(
            "TUL1552",
            "an instance announced an address that peers cannot use",
            "It must be one literal IPv4 or IPv6 address: no name, no wildcard, no multicast, no zone, not link-local (169.254.0.0/16, fe80::/10), not reserved.",
            "Give the sidecar an address with --address."),
    TOO_MANY(
            "TUL1553",
            "an instance announced too much",
            "Limits: 64 ports, 64 doors, 64 labels, 32 capabilities.",
            "Announce less; tell the project if you need more."),
    LABELS_UNFIT(
            "TUL1554",
            "an instance announced a label that cannot be",
            "A label's name has 1 to 253 printable ASCII characters without spaces, its value at most 1,024 without control characters.",
            "Correct --label, or `labels` in the Compose file.");

    private final Explanation explanation;

    XdsCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
