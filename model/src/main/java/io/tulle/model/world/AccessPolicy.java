package io.tulle.model.world;

import io.tulle.model.policy.Authorization;

/** One AuthorizationPolicy and the workloads of its namespace (of all, in the root namespace) that it guards. */
public record AccessPolicy(ResourceRef source, Selector selector, Authorization authorization) {
    /** The same policy, judged and not enforced. */
    public AccessPolicy tried() {
        return new AccessPolicy(source, selector, authorization.tried(true));
    }
}
