package io.tulle.control.store;

import java.time.Instant;

/**
 * One resource as it was after one write.
 *
 * @param version the write that made this state (Kubernetes' {@code resourceVersion}); status writes count
 * @param revision the last commit that changed the manifest; status writes do not count
 * @param generation starts at 1, grows when the manifest's body changes
 * @param status canonical JSON written by the mesh itself, empty when there is none
 */
public record Resource(
        ResourceKey key,
        Manifest manifest,
        String uid,
        long version,
        long revision,
        long generation,
        Instant created,
        String status) {

    Resource declaring(Manifest next, Position at) {
        var sameBody = next.body().equals(manifest.body());
        return new Resource(
                key, next, uid, at.version(), at.revision(), sameBody ? generation : generation + 1, created, status);
    }

    Resource reporting(String nextStatus, Position at) {
        return new Resource(key, manifest, uid, at.version(), revision, generation, created, nextStatus);
    }

    Resource ending(Position at) {
        return new Resource(key, manifest, uid, at.version(), at.revision(), generation, created, status);
    }
}
