package io.tulle.proxy.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers which chains led to which roots. The same certificates and the same roots give the same answer until one of
 * the certificates expires, which is looked at each time: so a peer that connects again costs no signature to check. What
 * was refused is not remembered.
 */
final class ProvedPaths {
    /** How many; the one that was not used for the longest goes first. Each is a few KiB. */
    private static final int REMEMBERED = 512;

    private record Path(List<X509Certificate> chain, List<X509Certificate> roots) {}

    private final Map<Path, Validity> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Validity> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** When all certificates of a chain are valid. */
    private record Validity(Instant from, Instant to) {
        static Validity of(List<X509Certificate> chain) {
            var from = Instant.MIN;
            var to = Instant.MAX;
            for (var certificate : chain) {
                var begins = certificate.getNotBefore().toInstant();
                var ends = certificate.getNotAfter().toInstant();
                if (begins.isAfter(from)) from = begins;
                if (ends.isBefore(to)) to = ends;
            }
            return new Validity(from, to);
        }

        boolean covers(Instant now) {
            return !now.isBefore(from) && !now.isAfter(to);
        }
    }

    synchronized boolean holds(List<X509Certificate> chain, List<X509Certificate> roots, Instant now) {
        var validity = known.get(new Path(chain, roots));
        return validity != null && validity.covers(now);
    }

    synchronized void add(List<X509Certificate> chain, List<X509Certificate> roots) {
        known.put(new Path(chain, roots), Validity.of(chain));
    }
}
