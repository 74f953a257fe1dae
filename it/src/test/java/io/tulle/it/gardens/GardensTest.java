package io.tulle.it.gardens;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.Garden;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The npm gardens' own tests; those of the shop know nothing of Tulle. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class GardensTest {
    private static final Pattern PASSED =
            Pattern.compile("(?m)^. pass (\\d+)$"); // # or a sign, as Node's version has it

    @ParameterizedTest
    @ValueSource(strings = {"node-hook", "dashboard", "examples/shop"})
    void itsOwnTestsPass(String path) throws Exception {
        var garden = Garden.of(path);
        garden.install();
        garden.npm("run", "build", "--if-present");

        var said = garden.npm("test");

        var passed = PASSED.matcher(said);
        assertTrue(passed.find() && Integer.parseInt(passed.group(1)) > 0, said);
        System.out.println("garden " + path + ": " + passed.group(1) + " passed");
    }
}
