package io.tulle.xds.server;

import io.tulle.xds.XdsCode;
import io.tulle.xds.stream.StreamRefused;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the streams of each caller. Thread-safe. */
final class Tally {
    private final ConcurrentHashMap<String, Integer> streams = new ConcurrentHashMap<>();
    private final int most;

    Tally(int most) {
        this.most = most;
    }

    /** @return gives the place back; to be run once */
    Runnable take(Peer peer) {
        var key = peer.identity()
                .map(Object::toString)
                .orElse(peer.user().isPresent() ? "uid " + peer.user().getAsLong() : "anonymous");
        var now = streams.merge(key, 1, Integer::sum);
        if (now > most) {
            release(key);
            throw StreamRefused.overLimit(XdsCode.TOO_MANY_STREAMS, key + " holds " + most + " streams already");
        }
        return () -> release(key);
    }

    private void release(String key) {
        streams.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    }
}
