package io.tulle.labs;

import java.util.List;

/** All labs, in the order in which they are shown. */
public final class Labs {
    private Labs() {}

    public static List<Lab> all() {
        return List.of(
                new SidecarLab(),
                new MutualTlsLab(),
                new CanaryLab(),
                new HeaderRoutingLab(),
                new NestTcpBalancingLab(),
                new GrpcBalancingLab(),
                new RetryAndTimeoutLab(),
                new FaultInjectionLab(),
                new CircuitBreakingLab(),
                new AuthorizationLab(),
                new ObservabilityLab(),
                new ControlPlaneLossLab(),
                new SeparateRunsLab(),
                new SeparateNetworksLab());
    }
}
