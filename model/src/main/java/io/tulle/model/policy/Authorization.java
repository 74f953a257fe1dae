package io.tulle.model.policy;

import java.util.List;

/**
 * One AuthorizationPolicy as a proxy applies it. Order of judgement (Istio): any DENY that matches denies; then, if there
 * is any ALLOW policy, some rule of one must match; with no ALLOW policy at all the request passes.
 *
 * @param name {@code namespace/name}, for the log and the metrics
 * @param dryRun whether it is judged and counted, and neither allows nor denies (istio.io/dry-run)
 */
public record Authorization(String name, Action action, List<AuthorizationRule> rules, boolean dryRun) {
    public Authorization {
        rules = List.copyOf(rules);
    }

    /** One that is in force. */
    public Authorization(String name, Action action, List<AuthorizationRule> rules) {
        this(name, action, rules, false);
    }

    /** The same policy, in force or only tried. */
    public Authorization tried(boolean only) {
        return new Authorization(name, action, rules, only);
    }

    public enum Action {
        ALLOW,
        DENY
    }
}
