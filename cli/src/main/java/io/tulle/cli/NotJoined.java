package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.model.Problem;
import io.tulle.proxy.identity.Issuer;
import io.tulle.xds.XdsCode;
import java.util.List;

/** Why an instance got no certificate: it was refused, which its own fix mends, or nobody was there to ask. */
final class NotJoined {
    private NotJoined() {}

    static Failures.Failure failure(Issuer.IssueFailed why, String mesh) {
        var refusal = why.problem().filter(problem -> !problem.code().equals(XdsCode.UNREACHABLE.code()));
        var fix = refusal.map(Problem::fix)
                .orElse("is the control plane of mesh '" + mesh + "' running? (tulle control)");
        return new Failures.Failure(
                refusal.isPresent() ? Exit.FINDINGS : Exit.UNREACHABLE,
                List.of(CliCode.NOT_JOINED.problem("this instance could not join the mesh: " + why.getMessage(), fix)));
    }
}
