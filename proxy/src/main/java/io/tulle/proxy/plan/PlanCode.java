package io.tulle.proxy.plan;

import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;

/** Why a resource of the configuration is not in force in this proxy. The control plane is told; all others are in force. */
public enum PlanCode implements ErrorCode {
    UNPLANNABLE(
            "TUL1722",
            "a proxy cannot carry out a resource",
            "The proxy keeps the last form of the resource that it could carry out. A security policy that never had one"
                    + " denies everybody; anything else that never had one is not served.",
            "Change the value that the reason names. If Tulle's own control plane sent the resource, report it."),
    DOOR_SHUT(
            "TUL1723",
            "A sidecar cannot open a published port",
            "Another process listens at the address, or the address is none of this host's. The rest of the configuration is"
                    + " in force.",
            "Stop the process that listens there, or publish another port. The sidecar tries again at the next change.");

    private final Explanation explanation;

    PlanCode(String code, String title, String cause, String fix) {
        this.explanation = new Explanation(code, title, cause, fix);
    }

    @Override
    public Explanation explanation() {
        return explanation;
    }
}
