package io.tulle.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.policy.HeaderEdits;
import io.tulle.xds.spec.ActionSpec;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TcpSplitTest {
    private final Random random = new Random(4);

    @Test
    void connectionsAreSharedOutByWeight() {
        var split = TcpSplit.compile(List.of(target("a", 3), target("b", 0), target("c", 1)));
        int draws = 10_000;
        int a = 0;
        for (int i = 0; i < draws; i++) if (split.draw(random).orElseThrow().equals("a")) a++;
        assertEquals(0.75 * draws, a, 4 * Math.sqrt(draws * 0.75 * 0.25));
    }

    @Test
    void withoutAnyWeightThereIsNowhereToGo() {
        assertEquals(Optional.empty(), TcpSplit.compile(List.of(target("a", 0))).draw(random));
        assertEquals(Optional.empty(), TcpSplit.compile(List.of()).draw(random));
    }

    private static ActionSpec.Target target(String cluster, int weight) {
        return new ActionSpec.Target(cluster, weight, HeaderEdits.NONE, HeaderEdits.NONE);
    }
}
