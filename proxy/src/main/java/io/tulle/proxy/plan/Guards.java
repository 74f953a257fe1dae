package io.tulle.proxy.plan;

import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.proxy.filter.Authorizer;
import io.tulle.proxy.filter.DryRun;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A listener's security policies as they can be carried out. In place of one that cannot stands its last good form; one
 * that never had any denies everybody. So no mistake in a policy opens what it was to guard, or shuts another port.
 */
final class Guards {
    private static final AuthorizationRule EVERYBODY = new AuthorizationRule(List.of(), List.of());

    private final List<Authorization> lastGood;
    private final Consumer<String> blame;

    /** @param blame told the reason for each policy that cannot be carried out */
    Guards(Optional<ListenerSpec> lastGood, Consumer<String> blame) {
        this.lastGood = lastGood.stream()
                .flatMap(listener -> listener.chains().stream())
                .flatMap(chain -> chain.wire().authorizations().stream())
                .toList();
        this.blame = blame;
    }

    /** The same listener, and the same object, where all can be carried out. */
    ListenerSpec of(ListenerSpec listener) {
        var fit = listener.chains().stream()
                .allMatch(chain -> failure(chain.wire().authorizations()).isEmpty());
        if (fit) return listener;
        return new ListenerSpec(
                listener.name(),
                listener.place(),
                listener.chains().stream().map(this::of).toList(),
                listener.tellsPolicies());
    }

    private ChainSpec of(ChainSpec chain) {
        var policies = chain.wire().authorizations().stream()
                .flatMap(policy -> of(policy).stream())
                .toList();
        return new ChainSpec(
                chain.name(), chain.port(), chain.serverNames(), chain.security(), guarded(chain.wire(), policies));
    }

    /** One that is only tried has nothing to guard: where it cannot be, it is left out. */
    private Optional<Authorization> of(Authorization policy) {
        var failure = failure(List.of(policy));
        if (failure.isEmpty()) return Optional.of(policy);
        blame.accept(failure.get());
        if (policy.dryRun()) return Optional.empty();
        return Optional.of(lastGood.stream()
                .filter(old -> old.name().equals(policy.name()) && !old.dryRun())
                .findFirst()
                .orElseGet(() -> new Authorization(policy.name(), Authorization.Action.DENY, List.of(EVERYBODY))));
    }

    private static WireSpec guarded(WireSpec wire, List<Authorization> policies) {
        return switch (wire) {
            case WireSpec.Http http -> new WireSpec.Http(http.routes(), policies, http.sessions());
            case WireSpec.NestTcp nest -> new WireSpec.NestTcp(nest.routes(), policies);
            case WireSpec.Tcp tcp -> new WireSpec.Tcp(tcp.targets(), policies, tcp.hashesSource());
            case WireSpec.Detected(var http, var tcp) ->
                new WireSpec.Detected(
                        new WireSpec.Http(http.routes(), policies, http.sessions()),
                        new WireSpec.Tcp(tcp.targets(), policies, tcp.hashesSource()));
        };
    }

    private static Optional<String> failure(List<Authorization> policies) {
        try {
            Authorizer.compile(policies);
            DryRun.compile(policies);
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(reason(e));
        }
    }

    static String reason(Throwable failure) {
        return Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
    }
}
