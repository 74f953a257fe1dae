package io.tulle.proxy.observe;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** What may be lost on its way to whoever watches; traffic goes on. */
public enum Loss implements ErrorCode {
    SPANS(
            "TUL1720",
            "spans are dropped",
            "The collector of traces cannot be reached, or answers with an error.",
            "Check that it runs and takes OTLP over HTTP at the endpoint given (port 4318, /v1/traces)."),
    LINES(
            "TUL1721",
            "the access log cannot be written",
            "Whoever reads the access log went away, or its disk is full.",
            "See the error beside the code; the lines are counted, not kept."),
    PAGE(
            "TUL1725",
            "an admin page cannot be shown",
            "The sidecar failed while it made the page. Traffic is not touched.",
            "Report the error in the sidecar's log.");

    private final Explanation explanation;

    Loss(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }

    @Override
    public String toString() {
        return explanation.code() + " " + explanation.title();
    }
}
