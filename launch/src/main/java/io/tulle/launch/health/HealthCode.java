package io.tulle.launch.health;

import io.tulle.model.Explanation;
import io.tulle.model.Problem;
import java.util.List;
import java.util.stream.Stream;

/** Why a health check cannot be run. */
public enum HealthCode {
    NOT_NODE(
            "TUL2020",
            "A health check that is not Node, under the hook",
            "Under capture hook the application's port answers its sidecar and its own Node processes alone, so that curl, wget"
                    + " and their like would always say unhealthy.",
            "Write the check in Node, or give the label tulle.health.path=/health, or use --capture netns or env.");

    private final Explanation explanation;

    HealthCode(String code, String title, String cause, String fix) {
        explanation = new Explanation(code, title, cause, fix);
    }

    /** All codes of health checks. */
    public static List<Explanation> explanations() {
        return Stream.of(values()).map(code -> code.explanation).toList();
    }

    Problem problem(String message) {
        return Problem.error(explanation.code(), message, explanation.fix());
    }
}
