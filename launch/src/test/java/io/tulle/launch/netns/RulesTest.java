package io.tulle.launch.netns;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class RulesTest {
    @Test
    void whatComesToADeclaredPortGoesToTheSidecar() {
        var text = new Rules(new TreeSet<>(List.of(4000, 3000))).text();

        assertTrue(text.contains("tcp dport { 3000, 4000 } redirect to :15006"), text);
    }

    @Test
    void anApplicationWithoutPortsIsNotInTheWayOfWhatComesIn() {
        var text = new Rules(new TreeSet<>()).text();

        assertFalse(text.contains("15006"), text);
        assertTrue(text.contains("meta l4proto tcp redirect to :15001"), text);
    }
}
