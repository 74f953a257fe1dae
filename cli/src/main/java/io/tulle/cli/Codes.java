package io.tulle.cli;

import io.tulle.agent.code.AgentCode;
import io.tulle.cli.code.CliCode;
import io.tulle.compile.CompileCode;
import io.tulle.control.ControlCode;
import io.tulle.control.api.ApiCode;
import io.tulle.control.identity.IdentityCode;
import io.tulle.control.push.PushCode;
import io.tulle.control.registry.RegistryCode;
import io.tulle.control.store.StoreCode;
import io.tulle.launch.capture.CaptureCode;
import io.tulle.launch.health.HealthCode;
import io.tulle.launch.hook.HookCode;
import io.tulle.launch.netns.NetnsCode;
import io.tulle.launch.process.ProcessCode;
import io.tulle.launch.up.UpCode;
import io.tulle.model.ErrorCode;
import io.tulle.model.Explanation;
import io.tulle.proxy.identity.RenewalCode;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.nesttcp.NestTcpCode;
import io.tulle.proxy.observe.Loss;
import io.tulle.proxy.plan.PlanCode;
import io.tulle.proxy.report.Refusal;
import io.tulle.xds.XdsCode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Every code that Tulle prints, from all rooms. */
final class Codes {
    private Codes() {}

    static Stream<Explanation> all() {
        return Stream.<ErrorCode[]>of(
                        CliCode.values(),
                        io.tulle.dialects.code.Codes.values(),
                        XdsCode.values(),
                        CompileCode.values(),
                        StoreCode.values(),
                        ApiCode.values(),
                        ControlCode.values(),
                        IdentityCode.values(),
                        RegistryCode.values(),
                        PushCode.values(),
                        Reason.values(),
                        Refusal.values(),
                        Loss.values(),
                        NestTcpCode.values(),
                        PlanCode.values(),
                        RenewalCode.values(),
                        HookCode.values(),
                        ProcessCode.values(),
                        UpCode.values(),
                        HealthCode.values(),
                        CaptureCode.values(),
                        NetnsCode.values(),
                        AgentCode.values())
                .flatMap(Arrays::stream)
                .map(ErrorCode::explanation);
    }

    static Optional<Explanation> find(String code) {
        return all().filter(e -> e.code().equals(code)).findFirst();
    }
}
