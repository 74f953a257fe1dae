package io.tulle.compile;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** The codes of this room: what a route is told to answer, because nothing else can be compiled of it. */
public enum CompileCode implements ErrorCode {
    NO_BACKEND(
            "TUL1619",
            "A route without a backend",
            "Every backend that the route names is missing.",
            "Apply the service, or the DestinationRule with the subset, that the route names."),
    MISDIRECTED(
            "TUL1688",
            "A request on the connection of another host",
            "The caller opened its connection for another host name of this gateway, which has a certificate of its own.",
            "Nothing: clients that hear 421 open a connection of their own. To let hosts share connections give them one listener.");

    private final Explanation explanation;

    CompileCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
