package io.tulle.proxy.http1;

import io.tulle.model.match.PathNormalizer;

/**
 * How patient and how strict a door is.
 *
 * @param idleMillis how long a connection may wait for its next request (Envoy: 1 h)
 * @param headMillis how long a request head may take once begun; then 408 (Node's headersTimeout: 60 s)
 * @param lingerMillis how long a closing connection still reads, so that a caller that is sending sees the answer
 * @param pipelinedBytes how much of later requests is held while one is answered
 */
public record DoorSettings(
        Limits limits, PathNormalizer paths, long idleMillis, long headMillis, long lingerMillis, int pipelinedBytes) {}
