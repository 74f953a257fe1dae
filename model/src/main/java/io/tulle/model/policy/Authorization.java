package io.tulle.model.policy;

import java.util.List;

/**
 * One AuthorizationPolicy as a proxy applies it. Order of judgement (Istio): any DENY that matches denies; then, if there
 * is any ALLOW policy, some rule of one must match; with no ALLOW policy at all the request passes.
 *
 * @param name {@code namespace/name}, for the log and the metrics
 */
public record Authorization(String name, Action action, List<AuthorizationRule> rules) {
    public Authorization {
        rules = List.copyOf(rules);
    }

    public enum Action {
        ALLOW,
        DENY
    }
}
