package io.tulle.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.envoyproxy.envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState;
import io.envoyproxy.envoy.type.http.v3.Cookie;
import io.tulle.model.policy.SessionPolicy;
import java.util.Locale;
import java.util.Optional;

/** Envoy's stateful session filter, as configured for one route. */
final class SessionCodec implements RoutePolicyCodec<SessionPolicy> {
    /** The filter's name, which is also the key of its per-route configuration. */
    static final String FILTER = "envoy.filters.http.stateful_session";

    private static final String COOKIE = "envoy.http.stateful_session.cookie";
    private static final String HEADER = "envoy.http.stateful_session.header";

    @Override
    public Class<SessionPolicy> kind() {
        return SessionPolicy.class;
    }

    @Override
    public void encode(Optional<SessionPolicy> policy, Writing into) {
        policy.ifPresent(session -> {
            into.route().putTypedPerFilterConfig(FILTER, Any.pack(perRoute(session)));
            // In Envoy a cookie that ends at all outlives the caller's session.
            if (session.carrier() instanceof SessionPolicy.Cookie(var _, var _, var permanent)
                    && !permanent
                    && session.absolute().isPresent()) into.facts().setSessionCookie(true);
        });
    }

    private static StatefulSessionPerRoute perRoute(SessionPolicy session) {
        var state = StatefulSession.newBuilder();
        switch (session.carrier()) {
            case SessionPolicy.Cookie cookie -> {
                var written = Cookie.newBuilder().setName(cookie.name()).setPath(cookie.path());
                session.absolute().ifPresent(time -> written.setTtl(Wellknown.duration(time)));
                carry(
                        state,
                        COOKIE,
                        CookieBasedSessionState.newBuilder().setCookie(written).build());
            }
            case SessionPolicy.Header(var name) ->
                carry(
                        state,
                        HEADER,
                        HeaderBasedSessionState.newBuilder().setName(name).build());
        }
        return StatefulSessionPerRoute.newBuilder().setStatefulSession(state).build();
    }

    private static void carry(StatefulSession.Builder state, String name, Message config) {
        state.getSessionStateBuilder().setName(name).setTypedConfig(Any.pack(config));
    }

    @Override
    public Optional<SessionPolicy> decode(Source from) {
        var endsWithTheSession =
                from.facts().map(facts -> facts.flag("session_cookie")).orElse(false);
        return from.route()
                .anyOfMap("typed_per_filter_config", FILTER, FILTERS, StatefulSessionPerRoute.getDefaultInstance())
                .flatMap(perRoute -> {
                    if (perRoute.which("override").equals("disabled") && perRoute.flag("disabled"))
                        return Optional.empty();
                    return Optional.of(session(perRoute.need("stateful_session"), endsWithTheSession));
                });
    }

    private static SessionPolicy session(Node session, boolean endsWithTheSession) {
        var state = session.need("session_state");
        state.ignore("name");
        var type = state.typeIn("typed_config");
        if (type.endsWith(".HeaderBasedSessionState")) {
            var header = state.any("typed_config", HeaderBasedSessionState.getDefaultInstance());
            var name = header.name("name").toLowerCase(Locale.ROOT);
            return new SessionPolicy(new SessionPolicy.Header(name), Optional.empty());
        }
        var cookie = state.any("typed_config", CookieBasedSessionState.getDefaultInstance())
                .need("cookie");
        var end = cookie.duration("ttl").filter(ttl -> !ttl.isZero());
        var path = cookie.text("path");
        var permanent = end.isPresent() && !endsWithTheSession;
        return new SessionPolicy(
                new SessionPolicy.Cookie(cookie.name("name"), path.isEmpty() ? "/" : path, permanent), end);
    }
}
