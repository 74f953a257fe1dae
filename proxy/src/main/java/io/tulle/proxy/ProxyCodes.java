package io.tulle.proxy;

import io.tulle.model.Explanation;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.nesttcp.NestTcpCode;
import io.tulle.proxy.observe.Loss;
import io.tulle.proxy.plan.PlanCode;
import io.tulle.proxy.report.Refusal;
import java.util.List;
import java.util.stream.Stream;

/** All codes that a sidecar answers or logs, for `tulle help`. */
public final class ProxyCodes {
    public static final List<Explanation> ALL = Stream.of(
                    Reason.explanations(),
                    Refusal.explanations(),
                    Loss.explanations(),
                    NestTcpCode.explanations(),
                    PlanCode.explanations())
            .flatMap(List::stream)
            .toList();

    private ProxyCodes() {}
}
