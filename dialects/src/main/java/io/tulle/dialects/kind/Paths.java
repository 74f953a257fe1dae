package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.WrittenPath;

/** Paths of policies, as proxies see the paths of requests. */
public final class Paths {
    private Paths() {}

    /** A route's: a path that no request has takes no request, which is told. */
    public static PathMatch ofRoute(FieldReader fields, String field, PathMatch written) {
        var read = WrittenPath.of(written);
        read.never()
                .ifPresent(why -> fields.warning(Codes.PATH_NEVER, field, never(written, why), Codes.PATH_NEVER.fix()));
        return told(fields, field, written, read);
    }

    /** A guard's: a DENY of a path that no request has would guard nothing, so it is refused. */
    public static PathMatch ofGuard(FieldReader fields, String field, PathMatch written) {
        var read = WrittenPath.of(written);
        read.never().ifPresent(why -> fields.problem(Codes.PATH_NEVER, field, never(written, why)));
        return told(fields, field, written, read);
    }

    private static PathMatch told(FieldReader fields, String field, PathMatch written, WrittenPath read) {
        read.readAs()
                .ifPresent(as -> fields.warning(
                        Codes.PATH_NEVER,
                        field,
                        "has '" + text(written) + "', which is read as '" + as + "'",
                        "write '" + as + "'"));
        return read.match();
    }

    private static String never(PathMatch written, String why) {
        return "has '" + text(written) + "', and no request has such a path: " + why;
    }

    private static String text(PathMatch written) {
        return switch (written) {
            case PathMatch.Exact(var path) -> HttpWords.shown(path);
            case PathMatch.Prefix(var path) -> HttpWords.shown(path);
            case PathMatch.StringPrefix(var prefix) -> HttpWords.shown(prefix);
            case PathMatch.StringSuffix(var suffix) -> HttpWords.shown(suffix);
            case PathMatch.Regex(var expression) -> HttpWords.shown(expression);
        };
    }
}
