package io.tulle.proxy.policy;

import java.util.List;

/** The policies of one route, made ready, at most one of each kind. They are few: one is found by going through them. */
public record PolicyPlans(List<PolicyPlan> all) {
    public PolicyPlans {
        all = List.copyOf(all);
    }

    /** The one of a kind, or what holds where a route says nothing of it. Allocates nothing. */
    public <T extends PolicyPlan> T of(Class<T> kind, T unsaid) {
        for (int i = 0; i < all.size(); i++) {
            if (kind.isInstance(all.get(i))) return kind.cast(all.get(i));
        }
        return unsaid;
    }
}
