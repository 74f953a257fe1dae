package io.tulle.proxy.route;

import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.proxy.policy.PolicyPlan;
import java.util.List;

/**
 * A route's header edits, to be joined with those of each target, so that there is one list to run through.
 *
 * @param response for answers that no target gives
 */
record HeaderPlan(HeaderPolicy edits, HeaderChanges response) implements PolicyPlan {
    static final HeaderPlan NONE = compile(HeaderPolicy.NONE);

    static HeaderPlan compile(HeaderPolicy edits) {
        return new HeaderPlan(edits, HeaderChanges.compile(List.of(edits.response())));
    }

    /** The route's, then the target's, so that the more particular one has the last word. */
    List<HeaderEdits> requestsThen(HeaderEdits target) {
        return List.of(edits.request(), target);
    }

    List<HeaderEdits> responsesThen(HeaderEdits target) {
        return List.of(edits.response(), target);
    }
}
