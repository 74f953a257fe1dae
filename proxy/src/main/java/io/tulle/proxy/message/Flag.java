package io.tulle.proxy.message;

/** Envoy's response flags, by the names that access logs and Istio's {@code response_flags} label show. */
public enum Flag {
    NONE("-"),
    /** No healthy upstream. */
    UH("UH"),
    /** Upstream connection failure. */
    UF("UF"),
    /** Upstream overflow: a limit of the cluster was reached. */
    UO("UO"),
    /** No route, or no chain for a connection. */
    NR("NR"),
    /** Retry or connect attempt limit exceeded. */
    URX("URX"),
    /** No such cluster. */
    NC("NC"),
    /** Downstream duration timeout. */
    DT("DT"),
    /** Downstream connection termination. */
    DC("DC"),
    /** Upstream request timeout. */
    UT("UT"),
    /** Connection local reset. */
    LR("LR"),
    /** Upstream remote reset. */
    UR("UR"),
    /** Upstream connection termination. */
    UC("UC"),
    /** Delay injected. */
    DI("DI"),
    /** Fault (abort) injected. */
    FI("FI"),
    /** Denied by an authorization policy. */
    UAEX("UAEX"),
    /** Stream idle timeout. */
    SI("SI"),
    /** Downstream protocol error. */
    DPE("DPE"),
    /** Upstream protocol error. */
    UPE("UPE"),
    /** Upstream maximum stream duration reached. */
    UMSDR("UMSDR"),
    /** Overload. */
    OM("OM"),
    /** DNS failed. */
    DF("DF");

    private final String written;

    Flag(String written) {
        this.written = written;
    }

    public String written() {
        return written;
    }
}
