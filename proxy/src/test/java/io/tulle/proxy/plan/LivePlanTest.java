package io.tulle.proxy.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LivePlanTest {
    /** Metrics name connections by the plan: the first to a destination was let in before they knew its name (lab 05). */
    @Test
    void whoLetsTrafficInDoesSoAfterAllWhoWatchKnowThePlan() {
        var order = new ArrayList<String>();
        var live = new LivePlan();
        live.afterChange(_ -> order.add("lets in"));
        live.onChange(_ -> order.add("watches"));

        live.set(Plan.EMPTY);

        assertEquals(List.of("watches", "lets in"), order);
    }
}
