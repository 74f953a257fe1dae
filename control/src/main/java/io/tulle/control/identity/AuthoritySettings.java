package io.tulle.control.identity;

import io.tulle.model.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the authority lives and how long its leaves do.
 *
 * @param directory the authority's own, 0700; made with a new root where it is missing or empty. An operator's own
 *     authority is put there under the names that Istio uses: {@code ca-cert.pem}, {@code ca-key.pem} (0600),
 *     {@code root-cert.pem} and, for more intermediates, {@code cert-chain.pem}
 * @param leafLife from 10 seconds to 90 days; a sidecar renews at half of it
 */
public record AuthoritySettings(Path directory, String trustDomain, Duration leafLife) {
    public static final Duration DEFAULT_LEAF_LIFE = Duration.ofHours(24);

    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(90);

    public AuthoritySettings {
        new SpiffeId(trustDomain, ""); // throws on what is no trust domain
        if (leafLife.compareTo(SHORTEST) < 0 || leafLife.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a leaf lives from 10 seconds to 90 days, not " + leafLife);
        }
    }

    public static AuthoritySettings of(Path directory, String trustDomain) {
        return new AuthoritySettings(directory, trustDomain, DEFAULT_LEAF_LIFE);
    }
}
