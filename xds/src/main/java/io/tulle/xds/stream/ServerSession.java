package io.tulle.xds.stream;

import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;
import java.util.Optional;

/** One client's stream as the server sees it, in either form of ADS. Not thread-safe: one thread at a time. */
public sealed interface ServerSession<Q, R> permits DeltaSession, SotwSession {
    /** @throws StreamRefused when the client broke a rule or a limit: the stream is to end */
    void heard(Q request);

    /** What the client shall hold from now on. */
    void offer(Bundle newest);

    /** The next response, if one may be sent now. Ask until empty, whenever something was heard, offered or taken. */
    Optional<R> next();

    /** Told once each time that the client has answered for everything in the newest bundle. */
    Optional<Settled> settled();

    /** What the client has asked for so far. */
    Demand demand();

    /** The node's id, once the first request has told it. */
    Optional<String> node();
}
