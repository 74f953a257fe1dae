package io.tulle.model.policy;

/** How a path changes before it is forwarded. */
public sealed interface PathRewrite {
    /** Replaces the whole path, the query string stays (Gateway API ReplaceFullPath). */
    record Full(String path) implements PathRewrite {}

    /** Replaces the prefix that the route matched (ReplacePrefixMatch, Istio's {@code uri} on a prefix match). */
    record Prefix(String with) implements PathRewrite {}
}
