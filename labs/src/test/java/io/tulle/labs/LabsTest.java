package io.tulle.labs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class LabsTest {
    private static final Path PAGES = Path.of(System.getProperty("tulle.root"), "docs", "labs");

    @Test
    void eachLabHasAPageThatAStrangerCanFollow() throws Exception {
        for (var lab : Labs.all()) {
            var page = Files.readString(PAGES.resolve(lab.name() + ".md"));
            for (var part : new String[] {"## What it is", "## Why", "## Do", "## See"}) {
                assertTrue(page.contains(part), lab.name() + " has no part " + part);
            }
            assertTrue(page.contains("./tulle demo --check --only " + lab.number()), lab.name());
        }
    }

    @Test
    void numbersAreUniqueAndInOrder() {
        var numbers = Labs.all().stream().map(Lab::number).toList();
        assertEquals(numbers.stream().sorted().toList(), numbers);
        assertEquals(numbers.size(), new HashSet<>(numbers).size());
    }
}
