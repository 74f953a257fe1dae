package io.tulle.control.identity;

import io.tulle.model.JoinToken;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes and judges join tokens. Who does not know a token's secret learns nothing about it: unknown, changed, withdrawn
 * and of another root are one answer; only a genuine token's holder hears that it expired or was spent.
 */
public final class JoinTokens {
    private static final int MOST_USES = 10_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    private final TokenStore store;
    private final String rootDigest;
    private final Clock clock;
    private final SecureRandom random;

    public JoinTokens(TokenStore store, String rootDigest, Clock clock, SecureRandom random) {
        this.store = store;
        this.rootDigest = rootDigest;
        this.clock = clock;
        this.random = random;
    }

    /** A new token; its secret exists in the answer alone. */
    public Checked<JoinToken> issue(TokenTerms terms) {
        if (terms.uses() < 1 || terms.uses() > MOST_USES) {
            return Checked.refused(
                    IdentityCode.TOKEN_TERMS.problem("a token has 1 to 10,000 uses, not " + terms.uses()));
        }
        if (terms.life().compareTo(SHORTEST) < 0 || terms.life().compareTo(LONGEST) > 0) {
            return Checked.refused(IdentityCode.TOKEN_TERMS.problem("a token lives from 1 second to 30 days, not "
                    + terms.life().toSeconds() + " s"));
        }
        if (!terms.claims().isFit()) {
            return Checked.refused(IdentityCode.TOKEN_TERMS.problem(
                    "a token names at most 16 services (DNS labels) and 16 labels (letters, digits, '-', '_', '.')"));
        }
        return Names.workload(terms.namespace(), terms.account()).then(_ -> Checked.fit(save(terms)));
    }

    /** What a token grants, if it is genuine, alive and not spent. Takes no use. */
    public Checked<TokenGrant> look(String text) {
        var token = JoinToken.parse(text);
        var grant = token.flatMap(t -> store.find(t.id()));
        if (grant.isEmpty() || !isGenuine(token.get(), grant.get())) {
            return Checked.refused(IdentityCode.TOKEN_REFUSED.problem());
        }
        if (!clock.instant().isBefore(grant.get().expires())) {
            return Checked.refused(IdentityCode.TOKEN_EXPIRED.problem());
        }
        if (grant.get().usesLeft() < 1) return Checked.refused(IdentityCode.TOKEN_SPENT.problem());
        return Checked.fit(grant.get());
    }

    /** Takes one use; of several that race for the last one, one wins. */
    public Checked<TokenGrant> spend(TokenGrant grant) {
        return store.takeUse(grant.id()) ? Checked.fit(grant) : Checked.refused(IdentityCode.TOKEN_SPENT.problem());
    }

    /** Withdraws a token at once. */
    public boolean withdraw(String id) {
        return store.remove(id);
    }

    /** Every token that is kept; none of them can be used with what is in here. */
    public List<TokenGrant> all() {
        return store.all();
    }

    private JoinToken save(TokenTerms terms) {
        var token = new JoinToken(rootDigest, hex(16), hex(32));
        var now = clock.instant();
        // An expired token is kept for a day, so that its holder still hears why it failed.
        store.removeExpired(now.minus(1, ChronoUnit.DAYS));
        store.save(new TokenGrant(
                token.id(),
                hashOf(token.secret()),
                rootDigest,
                terms.namespace(),
                terms.account(),
                Math.toIntExact(terms.uses()),
                now.plus(terms.life()).truncatedTo(ChronoUnit.MILLIS),
                terms.claims()));
        return token;
    }

    private boolean isGenuine(JoinToken token, TokenGrant grant) {
        var isSecret = equal(hashOf(token.secret()), grant.secretHash());
        var isRoot = equal(token.rootDigest(), grant.rootDigest()) && equal(grant.rootDigest(), rootDigest);
        return isSecret && isRoot;
    }

    /** In a time that does not depend on where they differ. */
    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(
                HexFormat.of().parseHex(one), HexFormat.of().parseHex(other));
    }

    private static String hashOf(String secret) {
        return HexFormat.of().formatHex(Pem.sha256(HexFormat.of().parseHex(secret)));
    }

    private String hex(int bytes) {
        var fresh = new byte[bytes];
        random.nextBytes(fresh);
        return HexFormat.of().formatHex(fresh);
    }
}
