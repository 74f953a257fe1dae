package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Each folder {@code <dialect>/<case>} holds an {@code input.yaml}, the {@code world.txt} that it makes and, where it has
 * problems, the {@code problems.txt} that a person reads. {@code GOLDEN_WRITE=1} in the environment writes them anew.
 */
class GoldenTest {
    private static final Path CASES = Path.of("src/test/resources");

    @TestFactory
    Stream<DynamicTest> everyCaseReadsAsItsGoldenSays() throws IOException {
        try (var inputs = Files.walk(CASES)) {
            return inputs.filter(path -> path.endsWith("input.yaml")).sorted().toList().stream()
                    .map(input -> DynamicTest.dynamicTest(
                            CASES.relativize(input.getParent()).toString(), () -> check(input)));
        }
    }

    private static void check(Path input) throws IOException {
        var read = Configuration.read("input.yaml", Files.readAllBytes(input), "shop", MeshSettings.DEFAULT)
                .checked(List.of());
        compare(input.resolveSibling("world.txt"), Printed.world(read.world()));
        compare(input.resolveSibling("problems.txt"), Printed.problems(read.problems()));

        var shuffled = new ArrayList<>(read.resources());
        Collections.reverse(shuffled);
        assertEquals(
                WorldReader.read(7, MeshSettings.DEFAULT, read.resources()),
                WorldReader.read(7, MeshSettings.DEFAULT, shuffled),
                "the order of input matters");
    }

    private static void compare(Path golden, String actual) throws IOException {
        if (System.getenv("GOLDEN_WRITE") != null) {
            if (actual.isEmpty()) Files.deleteIfExists(golden);
            else Files.writeString(golden, actual);
        }
        assertEquals(Files.exists(golden) ? Files.readString(golden) : "", actual, golden.toString());
    }
}
