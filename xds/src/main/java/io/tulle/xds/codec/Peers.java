package io.tulle.xds.codec;

import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.wire.peer.Peer;

/** Who an instance is: a message of our own. */
final class Peers {
    private Peers() {}

    static Peer encode(PeerSpec spec) {
        return Peer.newBuilder()
                .setName(spec.name())
                .setWorkload(spec.workload())
                .setNamespace(spec.namespace())
                .setApp(spec.app())
                .setVersion(spec.version())
                .setService(spec.service())
                .build();
    }

    static PeerSpec decode(Node peer) {
        return new PeerSpec(
                peer.name("name"),
                peer.text("workload"),
                peer.text("namespace"),
                peer.text("app"),
                peer.text("version"),
                peer.text("service"));
    }
}
