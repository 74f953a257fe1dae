package io.tulle.agent.run;

/** It joined, but got nothing that its sidecar could work with. */
public final class NotConfigured extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotConfigured(String message, Exception cause) {
        super(message, cause);
    }
}
