package io.tulle.it.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.compile.MeshCompiler;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.plan.PlanCompiler;
import io.tulle.xds.spec.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What documents come to, all the way: each folder {@code policies/<name>/<case>} holds documents ({@code input.yaml}) and
 * questions ({@code asks.yaml}). The goldens beside them say what is reported ({@code problems.txt}), what the proxies in
 * question hear because of the documents ({@code heard.txt}: the difference to the same fleet without them, as on the
 * wire) and what their plans decide ({@code decided.txt}). None of the three names a class of ours, so that they hold
 * while the middle is rebuilt. {@code GOLDEN_WRITE=1} in the environment writes them anew.
 */
class PolicyGoldenTest {
    private static final Path CASES = Path.of("policies");

    @TestFactory
    Stream<DynamicTest> everyCaseEndsAsItsGoldensSay() throws IOException {
        return Case.folders(CASES, "input.yaml").stream()
                .map(folder -> DynamicTest.dynamicTest(
                        CASES.relativize(folder).toString(), () -> check(Case.read(CASES, folder))));
    }

    private static void check(Case asked) throws IOException {
        compare(asked.golden("problems.txt"), asked.problems());
        var with = MeshCompiler.of(asked.world(), asked.fleet(), Case.ROOTS);
        var without = MeshCompiler.of(Case.NOTHING, asked.fleet(), Case.ROOTS);
        var heard = new StringBuilder();
        var plans = new TreeMap<String, Plan>();
        for (var node : asked.nodes()) {
            var instance = asked.instance(node);
            var hears = with.snapshotFor(instance);
            heard.append("# ").append(node).append('\n');
            heard.append(Heard.difference(without.snapshotFor(instance), hears));
            plans.put(node, plan(hears));
        }
        compare(asked.golden("heard.txt"), heard.toString());
        compare(asked.golden("decided.txt"), Decided.all(asked, plans));
    }

    private static Plan plan(Snapshot snapshot) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        var compiled = new PlanCompiler(random, () -> 0, "application", "shop").compile(snapshot, Plan.EMPTY);
        assertTrue(compiled.culprits().isEmpty(), () -> "not planned: " + compiled.culprits());
        return compiled.plan();
    }

    private static void compare(Path golden, String actual) throws IOException {
        if (System.getenv("GOLDEN_WRITE") != null) {
            if (actual.isEmpty()) Files.deleteIfExists(golden);
            else Files.writeString(golden, actual);
        }
        assertEquals(Files.exists(golden) ? Files.readString(golden) : "", actual, golden.toString());
    }
}
