package io.tulle.proxy.identity;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** What may go wrong with the certificate of a sidecar that runs. */
public enum RenewalCode implements ErrorCode {
    NOT_RENEWED(
            "TUL2011",
            "A certificate could not be renewed",
            "The control plane did not issue a new certificate; the one in force stays until it expires.",
            "Start the control plane again before then.");

    private final Explanation explanation;

    RenewalCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
