package io.tulle.xds.codec;

import io.tulle.model.policy.PathRewrite;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ActionSpec.Target;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what a route does with a request. */
final class Actions {
    private Actions() {}

    static ActionSpec.Forward forward(Node action, Optional<String> prefixRewrite) {
        var targets = switch (action.which("cluster_specifier")) {
            case "cluster" -> List.of(Target.of(action.name("cluster")));
            case "weighted_clusters" -> targets(action.need("weighted_clusters"));
            case "" -> throw action.invalid("cluster_specifier", "is missing");
            case String other -> throw action.unsupported(other);
        };
        Optional<String> authority = Optional.empty();
        switch (action.which("host_rewrite_specifier")) {
            case "" -> {}
            case "host_rewrite_literal" -> authority = Optional.of(action.text("host_rewrite_literal"));
            case String other -> throw action.unsupported(other);
        }
        return new ActionSpec.Forward(targets, rewrite(action, prefixRewrite), authority);
    }

    static ActionSpec.Redirect redirect(Node action) {
        var scheme = switch (action.which("scheme_rewrite_specifier")) {
            case "https_redirect" -> action.flag("https_redirect") ? Optional.of("https") : Optional.<String>empty();
            default -> filled(action.text("scheme_redirect"));
        };
        Optional<PathRewrite> path = switch (action.which("path_rewrite_specifier")) {
            case "" -> Optional.empty();
            case "path_redirect" -> Optional.of(new PathRewrite.Full(action.text("path_redirect")));
            case "prefix_rewrite" -> Optional.of(new PathRewrite.Prefix(action.text("prefix_rewrite")));
            case "regex_rewrite" -> Optional.of(substitute(action.need("regex_rewrite")));
            case String other -> throw action.unsupported(other);
        };
        var port = action.number("port_redirect");
        return new ActionSpec.Redirect(
                Redirects.status(action.choice("response_code")),
                scheme,
                filled(action.text("host_redirect")),
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                path);
    }

    static ActionSpec.Respond respond(Node action) {
        var status = action.number("status");
        if (status < 200 || status > 599) throw action.invalid("status", "is no status: " + status);
        var body = action.child("body").map(source -> switch (source.which("specifier")) {
            case "inline_string" -> source.text("inline_string");
            case "" -> "";
            case String other -> throw source.unsupported(other);
        });
        return new ActionSpec.Respond(status, body.orElse(""));
    }

    static List<Target> targets(Node weighted) {
        return weighted.children("clusters").stream()
                .map(cluster -> {
                    var weight = cluster.wrapped("weight").orElse(0);
                    if (weight > 1_000_000) throw cluster.invalid("weight", "is more than 1,000,000");
                    return new Target(
                            cluster.name("name"),
                            weight,
                            Headers.decode(cluster, "request_headers_to_add", "request_headers_to_remove"),
                            Headers.decode(cluster, "response_headers_to_add", "response_headers_to_remove"));
                })
                .toList();
    }

    private static Optional<PathRewrite> rewrite(Node action, Optional<String> prefixRewrite) {
        if (prefixRewrite.isPresent()) {
            action.ignore("prefix_rewrite", "regex_rewrite"); // the fact says what they stand for
            return Optional.of(new PathRewrite.Prefix(prefixRewrite.get()));
        }
        var prefix = filled(action.text("prefix_rewrite"));
        if (prefix.isPresent()) return prefix.map(PathRewrite.Prefix::new);
        return action.child("regex_rewrite").map(Actions::substitute);
    }

    /** What refers to no group, in the place of everything, is a path. */
    private static PathRewrite substitute(Node regex) {
        var pattern = Texts.expression(regex.need("pattern"));
        var with = regex.text("substitution");
        var literal = !with.replace("\\\\", "").contains("\\");
        return pattern.equals(RoutesEncoder.WHOLE_PATH) && literal
                ? new PathRewrite.Full(with.replace("\\\\", "\\"))
                : new PathRewrite.Substitute(pattern, with);
    }

    private static Optional<String> filled(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
