package io.tulle.control.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Tokens that live as long as a test. */
final class MemoryTokens implements TokenStore {
    private final TreeMap<String, TokenGrant> grants = new TreeMap<>();

    @Override
    public synchronized void save(TokenGrant grant) {
        grants.put(grant.id(), grant);
    }

    @Override
    public synchronized Optional<TokenGrant> find(String id) {
        return Optional.ofNullable(grants.get(id));
    }

    @Override
    public synchronized boolean takeUse(String id) {
        var grant = grants.get(id);
        if (grant == null || grant.usesLeft() < 1) return false;
        save(new TokenGrant(
                id,
                grant.secretHash(),
                grant.rootDigest(),
                grant.namespace(),
                grant.account(),
                grant.usesLeft() - 1,
                grant.expires(),
                grant.claims()));
        return true;
    }

    @Override
    public synchronized boolean remove(String id) {
        return grants.remove(id) != null;
    }

    @Override
    public synchronized void removeExpired(Instant before) {
        grants.values().removeIf(grant -> grant.expires().isBefore(before));
    }

    @Override
    public synchronized List<TokenGrant> all() {
        return List.copyOf(grants.values());
    }
}
