package io.tulle.proxy.report;

import io.tulle.proxy.message.Flag;
import io.tulle.proxy.message.Reason;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * How an exchange ended.
 *
 * @param status what the caller was answered; 0 when nothing was
 * @param reason why the mesh answered or ended it; empty when the application's own answer, or a
 *     route's, went through whole
 * @param exhausted whether as many retries as allowed were made (flag URX)
 * @param detail for the log: the policy, the endpoint, the error
 * @param retrySafe whether the caller may send the request again without it acting twice
 * @param delayed whether a route's fault held it back (flag DI)
 */
public record Outcome(
        int status, Optional<Reason> reason, boolean exhausted, String detail, boolean retrySafe, boolean delayed) {
    /** Of most exchanges. */
    private static final Outcome OK = new Outcome(200, Optional.empty(), false, "via_upstream", false);

    /** Not delayed on purpose. */
    public Outcome(int status, Optional<Reason> reason, boolean exhausted, String detail, boolean retrySafe) {
        this(status, reason, exhausted, detail, retrySafe, false);
    }

    /** The same, held back by a fault before. */
    public Outcome afterDelay() {
        return new Outcome(status, reason, exhausted, detail, retrySafe, true);
    }

    /** The application's own answer went through whole. */
    public static Outcome answered(int status) {
        return status == OK.status ? OK : new Outcome(status, Optional.empty(), false, OK.detail, false);
    }

    /** The author of a route wrote the answer. */
    public static Outcome written(int status) {
        return new Outcome(status, Optional.empty(), false, "direct_response", true);
    }

    public Reason.Fault fault() {
        return reason.map(Reason::fault).orElse(Reason.Fault.NOBODY);
    }

    /** Envoy's flags, several joined by a comma, {@code -} for none. */
    public String flags() {
        var flag = reason.map(Reason::flag).orElse(Flag.NONE);
        if (!exhausted && !delayed) return flag.written();
        var all = new StringJoiner(",");
        all.setEmptyValue(Flag.NONE.written());
        if (delayed && flag == Flag.FI) all.add(Flag.DI.written());
        if (flag != Flag.NONE) all.add(flag.written());
        if (delayed && flag != Flag.FI) all.add(Flag.DI.written());
        if (exhausted) all.add(Flag.URX.written());
        return all.toString();
    }
}
