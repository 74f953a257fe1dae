package io.tulle.proxy.route;

import org.jspecify.annotations.Nullable;

/**
 * What a request says, as far as routes and policies may ask. A door implements this over its own request, so that
 * nothing is copied: every method is called many times for one request and must be cheap.
 */
public interface RequestFacts {
    /** The method as sent; case counts (RFC 9110 section 9.1). */
    String method();

    /** The path, normalised once by the door and without query: the very string that is forwarded. Nest TCP: the pattern. */
    String path();

    /** What stands after the question mark, not decoded; empty when there is none. */
    String rawQuery();

    /** {@code Host} or {@code :authority} as sent, port included; empty when there is none. */
    String authority();

    /** {@code http} or {@code https}, lower-case. */
    String scheme();

    /**
     * A header's value, a repeated one's values joined by a comma (RFC 9110 section 5.3): all of them, since a policy
     * that saw only one could be passed by sending two. Null where the request has none.
     *
     * @param lowerCaseName the name in lower case, never a pseudo-header
     */
    @Nullable
    String header(String lowerCaseName);
}
