package io.tulle.xds.client;

import io.grpc.Status;
import io.tulle.model.Problem;
import io.tulle.xds.RootCause;
import io.tulle.xds.XdsCode;

/** A call that failed, as something that a user can mend. */
final class Failures {
    private Failures() {}

    static Problem problem(Status status) {
        var said = status.getDescription() == null ? "" : status.getDescription();
        var isCoded = said.startsWith("TUL") && said.length() > 8 && said.charAt(7) == ' ';
        if (isCoded)
            return Problem.error(said.substring(0, 7), said.substring(8), "tulle help " + said.substring(0, 7));
        var cause = status.getCause();
        var why = cause == null ? said : RootCause.of(cause);
        return XdsCode.UNREACHABLE.problem(
                "the control plane cannot be reached: "
                        + (why.isEmpty() ? status.getCode().toString() : why),
                "start `tulle control`, and check the address and the trust root");
    }
}
