package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.world.MeshSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads can be followed to the letter, and is safe. */
class MessagesTest {
    @ParameterizedTest
    @ValueSource(strings = {"from: [{source: {}}]", "from: []", "to: [{operation: {}}]", "to: []"})
    void noFixOfAPolicyTellsToLeaveItsConditionsOut(String rule) {
        var problems = read(rule).problems();
        assertTrue(problems.stream().anyMatch(problem -> problem.code().equals("TUL1201")), problems::toString);
        for (var problem : problems) {
            assertFalse(problem.fix().contains("leave"), problem.fix());
            assertFalse(problem.fix().contains("delete"), problem.fix());
        }
    }

    @Test
    void noCodeSendsToAVerbOrAPageThatIsNotThere() {
        for (var code : Codes.values()) {
            var said = code.explanation().cause() + " " + code.fix();
            assertFalse(said.contains("tulle api-resources") || said.contains("docs/reference for"), said);
        }
    }

    @Test
    void onlyAPolicyInForceIsSaidToHoldItsWorkloadsClosed() {
        var reading = read("from: []");
        assertTrue(
                reading.problems().stream().anyMatch(problem -> problem.code().equals("TUL1226")));
        assertEquals(
                List.of("TUL1201"),
                reading.problemsBeforeUse().stream()
                        .map(problem -> problem.code())
                        .toList());
    }

    private static WorldReading read(String rule) {
        var text = "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec:\n"
                + "  action: DENY\n  rules:\n  - " + rule + "\n";
        var read = ResourceReader.read(new Reader().yaml("f", text), "shop");
        return WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
    }
}
