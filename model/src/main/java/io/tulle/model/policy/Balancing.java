package io.tulle.model.policy;

/** How an endpoint is chosen for a request. Istio's default, and ours, is least request (two random choices). */
public enum Balancing implements DestinationPolicy {
    LEAST_REQUEST,
    ROUND_ROBIN,
    RANDOM
}
