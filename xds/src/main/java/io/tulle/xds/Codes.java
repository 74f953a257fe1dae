package io.tulle.xds;

import io.tulle.model.Explanation;
import java.util.List;

/** The codes of this room, TUL14xx: what may be wrong between a control plane and those who listen to it. */
public final class Codes {
    public static final String UNSUPPORTED = "TUL1401";
    public static final String MALFORMED = "TUL1402";
    public static final String INVALID = "TUL1403";
    public static final String UNKNOWN_EXTENSION = "TUL1404";
    public static final String UNPLANNED = "TUL1405";
    public static final String MISNAMED = "TUL1406";
    public static final String TOO_MANY_NAMES = "TUL1410";
    public static final String NO_NODE = "TUL1411";
    public static final String UNKNOWN_TYPE = "TUL1412";
    public static final String NODE_CHANGED = "TUL1413";
    public static final String TOO_MANY_STREAMS = "TUL1414";
    public static final String NO_IDENTITY = "TUL1415";
    public static final String OUT_OF_TURN = "TUL1416";
    public static final String BAD_NAME = "TUL1417";
    public static final String UNREACHABLE = "TUL1418";

    public static final List<Explanation> ALL = List.of(
            new Explanation(
                    UNSUPPORTED,
                    "a field is set that this proxy does not act on",
                    "the control plane sent an Envoy resource with a feature that Tulle's proxy does not have",
                    "remove the feature from the configuration that the control plane compiles; the reason names the"
                            + " field"),
            new Explanation(
                    MALFORMED,
                    "a resource cannot be read",
                    "its bytes are no message of the type that it claims",
                    "look at the control plane: its version, or what lies between it and the proxy"),
            new Explanation(
                    INVALID,
                    "a value lies outside what its field allows",
                    "a number is out of range, an expression is no RE2, an address is none, or a needed field is empty",
                    "correct the value that the reason names"),
            new Explanation(
                    UNKNOWN_EXTENSION,
                    "an extension that this proxy does not have",
                    "a filter, transport socket or other typed_config of a type unknown here",
                    "remove the extension, or use a proxy that has it"),
            new Explanation(
                    UNPLANNED,
                    "the proxy cannot build its plan from what it heard",
                    "resources that are well-formed each do not fit together",
                    "read the reason; when Tulle's own control plane sent them this is a defect worth a report"),
            new Explanation(
                    MISNAMED,
                    "a resource's name is not the one that it was sent under",
                    "the name inside the resource and that of its envelope differ, or it has none",
                    "look at the control plane that sent it"),
            new Explanation(
                    TOO_MANY_NAMES,
                    "a client subscribes to more resources than the server allows",
                    "a stream is limited in how many names it may ask for",
                    "subscribe by wildcard, or raise the server's limit"),
            new Explanation(
                    NO_NODE,
                    "the first request of a stream names no node",
                    "xDS identifies a client by node.id in its first request",
                    "set node.id (Envoy: --service-node) to the instance's id"),
            new Explanation(
                    UNKNOWN_TYPE,
                    "a type of resource that this server does not serve",
                    "the request's type_url is empty or unknown",
                    "ask for listeners, routes, clusters, endpoints, secrets or tulle.peer.v1.Peer"),
            new Explanation(
                    NODE_CHANGED,
                    "a stream changed its node",
                    "a later request on the same stream carries another node.id",
                    "open a stream of its own for each node"),
            new Explanation(
                    TOO_MANY_STREAMS,
                    "a client holds more streams than the server allows",
                    "streams of one peer are limited, so that one cannot starve the others",
                    "close streams that are no longer used, or raise the server's limit"),
            new Explanation(
                    NO_IDENTITY,
                    "the caller has not proved who it is",
                    "this call needs a certificate of the mesh, or the control plane's own Unix socket",
                    "join first; then call with the leaf"),
            new Explanation(
                    OUT_OF_TURN,
                    "a message that cannot come now",
                    "the first message of a registration is Register, once, and nothing comes after Leave",
                    "look at the client; its version may not fit the server's"),
            new Explanation(
                    BAD_NAME,
                    "a name or value in a request is empty, too long or no text",
                    "names have 1 to 512 characters without control characters",
                    "look at the client that sent it"),
            new Explanation(
                    UNREACHABLE,
                    "the control plane cannot be reached",
                    "nothing listens at its address, or what answers does not prove that it is the mesh's own",
                    "start `tulle control`, and check the address and the trust root"));

    private Codes() {}
}
