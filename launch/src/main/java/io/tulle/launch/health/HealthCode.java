package io.tulle.launch.health;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Why a health check cannot be run. */
public enum HealthCode implements ErrorCode {
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

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
