package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.policy.SessionPolicy;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sessionPersistence}, as version 1.6 writes it ({@code cookie}, {@code header}) and as versions before did ({@code sessionName},
 * {@code cookieConfig}).
 */
public final class SessionReader implements RulePolicyReader {
    /** Of a session that nobody named. Two routes may share it: a token names an endpoint, and counts only where that is one. */
    private static final String NAME = "tulle-session";

    private static final int LONGEST_PATH = 1024;

    @Override
    public Optional<SessionPolicy> read(FieldReader rule, Timeouts timeouts) {
        return of(rule);
    }

    /** Of any kind of route. */
    public static Optional<SessionPolicy> of(FieldReader rule) {
        return rule.object("sessionPersistence", SessionReader::session);
    }

    private static SessionPolicy session(FieldReader session) {
        var asHeader =
                session.choice("type", Map.of("Cookie", false, "Header", true)).orElse(false);
        var absolute = session.duration("absoluteTimeout", Durations.GATEWAY).filter(time -> !time.isZero());
        var name = name(session, "sessionName", 128);
        var cookie = session.object("cookie", each -> cookie(each, absolute));
        var older = session.object("cookieConfig", each -> permanent(each, absolute));
        var header = session.object("header", each -> {
            if (!each.has("name")) each.missing("name");
            return name(each, "name", 256).orElse(NAME);
        });
        var other = asHeader ? (session.has("cookie") ? "cookie" : "cookieConfig") : "header";
        if (session.has(other))
            session.problem(
                    Codes.ONE_OF,
                    other,
                    "is not for type " + (asHeader ? "Header" : "Cookie"),
                    "remove it, or change the type");
        if (!asHeader) {
            var named = cookie.orElse(new SessionPolicy.Cookie(NAME, "/", older.orElse(false)));
            return new SessionPolicy(
                    new SessionPolicy.Cookie(name.orElse(named.name()), named.path(), named.permanent()), absolute);
        }
        if (absolute.isPresent())
            session.problem(
                    Codes.NOT_ACTED_ON,
                    "absoluteTimeout",
                    "is set for a header, which has no end of its own",
                    "remove it, or use type Cookie");
        var written = header.or(() -> name).orElse(NAME).toLowerCase(Locale.ROOT);
        return new SessionPolicy(new SessionPolicy.Header(written), Optional.empty());
    }

    private static SessionPolicy.Cookie cookie(FieldReader cookie, Optional<Duration> absolute) {
        var path = cookie.text("path").filter(written -> !written.isEmpty()).orElse("/");
        HttpWords.checkLength(cookie, "path", path, LONGEST_PATH);
        if (!path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ';'))
            cookie.problem(
                    Codes.BAD_TARGET, "path", "cannot be '" + HttpWords.shown(path) + "'", "write a path, such as /");
        return new SessionPolicy.Cookie(name(cookie, "name", 256).orElse(NAME), path, permanent(cookie, absolute));
    }

    private static boolean permanent(FieldReader cookie, Optional<Duration> absolute) {
        var permanent = cookie.choice("lifetimeType", Map.of("Session", false, "Permanent", true))
                .orElse(false);
        if (permanent && absolute.isEmpty())
            cookie.problem(
                    Codes.MISSING,
                    "lifetimeType",
                    "is Permanent, and nothing says when the cookie ends",
                    "set absoluteTimeout beside it");
        return permanent && absolute.isPresent();
    }

    private static Optional<String> name(FieldReader fields, String field, int longest) {
        var name = fields.text(field);
        name.ifPresent(text -> {
            HttpWords.checkLength(fields, field, text, longest);
            if (!HttpWords.isToken(text))
                fields.problem(Codes.BAD_HEADER, field, "cannot be '" + HttpWords.shown(text) + "'");
        });
        return name.filter(HttpWords::isToken);
    }
}
