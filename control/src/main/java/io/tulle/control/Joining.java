package io.tulle.control;

import io.tulle.control.identity.Checked;
import io.tulle.control.identity.IssuedLeaf;
import io.tulle.control.identity.JoinDesk;
import io.tulle.control.identity.LocalJoin;
import io.tulle.xds.Reply;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.server.JoinHandler;
import io.tulle.xds.server.Peer;

/** Brings what is asked at the edge to the join desk. */
record Joining(JoinDesk desk, String version) implements JoinHandler {
    @Override
    public Reply<Issued> join(JoinAsk ask, Peer peer) {
        var local = new LocalJoin(ask.namespace(), ask.account(), ask.instance());
        if (ask.token().isPresent()) return reply(desk.byToken(ask.token().get(), local, ask.csr()));
        return reply(desk.byUnixPeer(peer.user().orElse(-1), local, ask.csr()));
    }

    @Override
    public Reply<Issued> renew(RenewAsk ask, Peer peer) {
        return reply(desk.renew(peer.chain(), ask.instance(), ask.csr()));
    }

    private Reply<Issued> reply(Checked<IssuedLeaf> checked) {
        return switch (checked) {
            case Checked.Fit<IssuedLeaf>(var leaf) ->
                new Reply.Granted<>(new Issued(leaf.id().uri(), leaf.chainPem(), leaf.trustPem(), version));
            case Checked.Refused<IssuedLeaf>(var problem) -> new Reply.Refused<>(problem);
        };
    }
}
