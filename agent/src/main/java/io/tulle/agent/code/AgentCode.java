package io.tulle.agent.code;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** The codes of this room: addresses that it cannot open. */
public enum AgentCode implements ErrorCode {
    PORT_TAKEN(
            "TUL1724",
            "A port to publish is taken",
            "Another process listens at the address that --publish names, or the address is none of this host's. Nothing was"
                    + " started.",
            "Stop that process, or publish another port: --publish 3000=3001."),
    ADDRESS_TAKEN(
            "TUL1042",
            "An address that cannot be opened",
            "It is taken by another process, or not one of this host.",
            "Choose another with --listen.");

    private final Explanation explanation;

    AgentCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
