package io.tulle.launch.health;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Why a health check cannot be run, and that it does not pass. */
public enum HealthCode implements ErrorCode {
    NOT_NODE(
            "TUL2020",
            "A health check that is not Node, under the hook",
            "Under capture hook the application's port answers its sidecar and its own Node processes alone, so that curl, wget"
                    + " and their like would always say unhealthy.",
            "Write the check in Node, or name a path to ask: --health-path /health, in a Compose file the label"
                    + " tulle.health.path=/health. Or use --capture netns or env. In a Compose file such an instance counts as well"
                    + " once its ports are open; a plain GET by curl or wget of a port of its own is done by Tulle."),
    FAILS(
            "TUL2021",
            "The health check does not pass",
            "The application listens, and the check says that it is not well. Its ports get no traffic until the check passes again.",
            "The message ends with what the check said; see what the application prints.");

    private final Explanation explanation;

    HealthCode(String code, String title, String cause, String fix) {
        explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
