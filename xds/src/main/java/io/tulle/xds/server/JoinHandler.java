package io.tulle.xds.server;

import io.tulle.xds.Reply;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;

/** Makes members. Called on a thread that may block. */
public interface JoinHandler {
    /** The peer may be anybody; the token, or the user of the Unix socket, is what counts. */
    Reply<Issued> join(JoinAsk ask, Peer peer);

    /** The peer has shown a leaf. */
    Reply<Issued> renew(RenewAsk ask, Peer peer);
}
