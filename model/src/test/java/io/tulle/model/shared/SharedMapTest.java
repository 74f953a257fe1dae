package io.tulle.model.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedMapTest {
    private final Random random = new Random(28);

    @Test
    void holdsWhatAnOrderedMapHoldsAfterAnyChanges() {
        var map = SharedMap.<Integer, Integer>empty();
        var expected = new TreeMap<Integer, Integer>();
        for (int i = 0; i < 20_000; i++) {
            var key = random.nextInt(500);
            if (random.nextInt(3) == 0) {
                map = map.without(key);
                expected.remove(key);
            } else {
                map = map.with(key, i);
                expected.put(key, i);
            }
            assertEquals(expected.get(key), map.get(key));
            if (i % 100 == 0) {
                assertEquals(List.copyOf(expected.entrySet()), List.copyOf(map.entrySet()), "in order");
                assertEquals(expected.size(), map.size());
            }
        }
    }

    @Test
    void whatWasStaysAsItWas() {
        var before = SharedMap.of(Map.of("a", 1, "b", 2));

        before.with("c", 3).without("a");

        assertEquals(Map.of("a", 1, "b", 2), before);
        assertSame(before, before.without("z"));
        assertNull(before.get("z"));
    }

    @Test
    void tellsInWhichEntriesTwoDiffer() {
        for (int round = 0; round < 300; round++) {
            var before = SharedMap.<Integer, Integer>empty();
            for (int i = random.nextInt(200); i > 0; i--) before = before.with(random.nextInt(300), random.nextInt(3));
            var after = before;
            for (int i = random.nextInt(40); i > 0; i--) {
                var key = random.nextInt(300);
                after = random.nextBoolean() ? after.without(key) : after.with(key, random.nextInt(3));
            }
            var expected = new HashSet<Integer>();
            for (int key = 0; key < 300; key++) if (!before.find(key).equals(after.find(key))) expected.add(key);

            assertEquals(expected, before.differing(after));
            assertEquals(expected, after.differing(before));
        }
    }

    @Test
    void oneChangeAmongManyIsMadeAndFoundWithoutLookingAtTheOthers() {
        var map = SharedMap.<Counted, String>empty();
        for (int i = 0; i < 100_000; i++) map = map.with(new Counted(i), "");
        for (var key : List.of(0, 1, 31_337, 65_536, 99_999)) {
            var looked = Counted.LOOKED.get();

            var replaced = map.with(new Counted(key), "new").differing(map);
            var removed = map.without(new Counted(key)).differing(map);
            var added = map.with(new Counted(key + 1_000_000), "").differing(map);

            assertEquals(Set.of(new Counted(key)), replaced);
            assertEquals(Set.of(new Counted(key)), removed);
            assertEquals(Set.of(new Counted(key + 1_000_000)), added);
            var looks = Counted.LOOKED.get() - looked;
            assertTrue(looks < 600, "looked at " + looks);
        }
    }

    private record Counted(int number) implements Comparable<Counted> {
        static final AtomicLong LOOKED = new AtomicLong();

        @Override
        public int compareTo(Counted other) {
            LOOKED.incrementAndGet();
            return Integer.compare(number, other.number);
        }
    }
}
