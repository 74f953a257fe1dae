package io.tulle.proxy.route;

import io.tulle.model.policy.SessionPolicy;
import io.tulle.proxy.policy.PolicyPlan;
import java.time.Clock;
import java.util.Optional;

/** How requests of one session are known again, where a route asks for that. */
public record SessionPlan(Optional<SessionPolicy> policy) implements PolicyPlan {
    /** Every request stands for itself. */
    public static final SessionPlan NONE = new SessionPlan(Optional.empty());

    static SessionPlan compile(SessionPolicy policy) {
        return new SessionPlan(Optional.of(policy));
    }

    public boolean isNone() {
        return policy.isEmpty();
    }

    /** Where the session is at home: the place that its token names, {@code 10.0.0.7:4000}. */
    public Optional<String> place(RequestFacts request, Clock clock) {
        if (policy.isEmpty()) return Optional.empty();
        return switch (policy.get().carrier()) {
            case SessionPolicy.Header(var name) ->
                Optional.ofNullable(request.header(name)).flatMap(SessionToken::plain);
            case SessionPolicy.Cookie cookie ->
                Optional.ofNullable(request.header("cookie"))
                        .flatMap(all -> Cookies.find(all, cookie.name()))
                        .flatMap(token -> SessionToken.read(
                                token, clock.instant(), policy.get().absolute().isPresent()));
        };
    }

    /** Tells the caller where its session is at home from now on. */
    public void tell(String place, HeaderChanges.Editable answer, Clock clock) {
        if (policy.isEmpty()) return;
        switch (policy.get().carrier()) {
            case SessionPolicy.Header(var name) -> answer.set(name, SessionToken.plainOf(place));
            case SessionPolicy.Cookie cookie ->
                answer.add("set-cookie", SetCookie.of(cookie, policy.get().absolute(), token(place, clock)));
        }
    }

    private String token(String place, Clock clock) {
        var end = policy.orElseThrow().absolute().map(time -> clock.instant().plus(time));
        return SessionToken.of(place, end);
    }
}
