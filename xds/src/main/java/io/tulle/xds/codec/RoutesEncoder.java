package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.PathRewrite;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.wire.facts.RouteFacts;
import java.util.List;
import java.util.Optional;

/** A route table as a virtual host for each of its hosts, and one for all other domains; a route with several matches is as many routes of one name. */
final class RoutesEncoder {
    /** Everything after the host and before the query, as Envoy's regex_rewrite sees it. */
    static final String WHOLE_PATH = "^.*$";

    private RoutesEncoder() {}

    static RouteConfiguration encode(RouteTableSpec table) {
        var encoded = RouteConfiguration.newBuilder().setName(table.name());
        for (var host : table.hosts()) {
            encoded.setIgnorePortInHostMatching(true);
            encoded.addVirtualHosts(
                    host(table.name() + "/" + host.domains().getFirst(), host.domains(), host.routes()));
        }
        if (table.hosts().isEmpty() || !table.routes().isEmpty())
            encoded.addVirtualHosts(host(table.name(), List.of("*"), table.routes()));
        return encoded.build();
    }

    private static VirtualHost host(String name, List<String> domains, List<RouteSpec> routes) {
        var host = VirtualHost.newBuilder().setName(name).addAllDomains(domains);
        for (var route : routes) {
            for (var i = 0; i < route.matches().size(); i++) {
                host.addRoutes(route(route, route.matches().get(i), i > 0));
            }
        }
        return host.build();
    }

    private static Route route(RouteSpec spec, RequestMatch match, boolean also) {
        var facts = RouteFacts.newBuilder().setAlso(also).setWholeSegments(Matches.needsFact(match));
        var route = Route.newBuilder().setName(spec.name()).setMatch(Matches.encode(match));
        var action = Optional.<RouteAction.Builder>empty();
        switch (spec.action()) {
            case ActionSpec.Forward forward -> {
                action = Optional.of(route.getRouteBuilder());
                forward(forward, match, route.getRouteBuilder(), facts);
            }
            case ActionSpec.Redirect redirect -> route.setRedirect(redirect(redirect));
            case ActionSpec.Respond respond -> route.setDirectResponse(respond(respond));
        }
        RoutePolicyCodec.encode(spec.policies(), new RoutePolicyCodec.Writing(route, action, facts));
        var known = facts.build();
        if (!known.equals(RouteFacts.getDefaultInstance())) route.setMetadata(Wellknown.facts(known));
        return route.build();
    }

    private static void forward(
            ActionSpec.Forward forward, RequestMatch match, RouteAction.Builder action, RouteFacts.Builder facts) {
        var only = forward.targets().size() == 1 ? forward.targets().getFirst() : null;
        if (only != null && only.equals(ActionSpec.Target.of(only.cluster()))) {
            action.setCluster(only.cluster());
        } else {
            action.setWeightedClusters(weighted(forward.targets()));
        }
        forward.authority().ifPresent(action::setHostRewriteLiteral);
        forward.path().ifPresent(path -> rewrite(path, match, action, facts));
    }

    private static WeightedCluster weighted(List<ActionSpec.Target> targets) {
        var weighted = WeightedCluster.newBuilder();
        for (var target : targets) {
            weighted.addClustersBuilder()
                    .setName(target.cluster())
                    .setWeight(Wellknown.number(target.weight()))
                    .addAllRequestHeadersToAdd(Headers.encode(target.requestHeaders()))
                    .addAllRequestHeadersToRemove(target.requestHeaders().remove())
                    .addAllResponseHeadersToAdd(Headers.encode(target.responseHeaders()))
                    .addAllResponseHeadersToRemove(target.responseHeaders().remove());
        }
        return weighted.build();
    }

    private static void rewrite(
            PathRewrite rewrite, RequestMatch match, RouteAction.Builder action, RouteFacts.Builder facts) {
        switch (rewrite) {
            case PathRewrite.Full(var path) -> action.setRegexRewrite(substitute(WHOLE_PATH, path));
            case PathRewrite.Substitute(var expression, var with) ->
                action.setRegexRewrite(RegexMatchAndSubstitute.newBuilder()
                        .setPattern(Texts.regex(expression))
                        .setSubstitution(with));
            case PathRewrite.Prefix(var with) -> {
                var matched = matchedPrefix(match);
                if (matched.isPresent() && (with.isEmpty() || with.endsWith("/"))) {
                    // by characters, /a/b with /a to / would become //b: take the slashes that follow along
                    var ending = with.isEmpty() ? "/" : with;
                    facts.setPrefixRewrite(with);
                    action.setRegexRewrite(substitute("^" + Texts.quote(matched.get()) + "/*", ending));
                } else if (with.isEmpty()) {
                    facts.setPrefixRewrite(with);
                } else {
                    action.setPrefixRewrite(with);
                }
            }
        }
    }

    private static Optional<String> matchedPrefix(RequestMatch match) {
        return match.path().orElse(null) instanceof PathMatch.Prefix(var prefix) && prefix.length() > 1
                ? Optional.of(prefix)
                : Optional.empty();
    }

    private static RegexMatchAndSubstitute substitute(String pattern, String with) {
        return RegexMatchAndSubstitute.newBuilder()
                .setPattern(Texts.regex(pattern))
                .setSubstitution(with.replace("\\", "\\\\"))
                .build();
    }

    private static RedirectAction redirect(ActionSpec.Redirect redirect) {
        var action = RedirectAction.newBuilder().setResponseCode(Redirects.code(redirect.status()));
        redirect.scheme().ifPresent(action::setSchemeRedirect);
        redirect.authority().ifPresent(action::setHostRedirect);
        redirect.port().ifPresent(action::setPortRedirect);
        redirect.path().ifPresent(path -> {
            switch (path) {
                case PathRewrite.Full(var full) -> action.setPathRedirect(full);
                case PathRewrite.Prefix(var with) -> action.setPrefixRewrite(with);
                case PathRewrite.Substitute(var expression, var with) ->
                    action.setRegexRewrite(RegexMatchAndSubstitute.newBuilder()
                            .setPattern(Texts.regex(expression))
                            .setSubstitution(with));
            }
        });
        return action.build();
    }

    private static DirectResponseAction respond(ActionSpec.Respond respond) {
        var action = DirectResponseAction.newBuilder().setStatus(respond.status());
        if (!respond.reason().isEmpty()) {
            action.setBody(DataSource.newBuilder().setInlineString(respond.reason()));
        }
        return action.build();
    }
}
