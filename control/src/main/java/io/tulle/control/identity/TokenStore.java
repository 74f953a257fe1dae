package io.tulle.control.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where tokens outlive a restart. What has returned is durable; {@link IdentityException} where it could not be done. */
public interface TokenStore {
    void save(TokenGrant grant);

    Optional<TokenGrant> find(String id);

    /** Takes one use, atomically and for ever; false where none was left or there is no such token. */
    boolean takeUse(String id);

    /** Withdraws a token; false where there was none. */
    boolean remove(String id);

    /** Forgets what expired before then. */
    void removeExpired(Instant before);

    /** Every token, by id. */
    List<TokenGrant> all();
}
