package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.gatewayapi.policy.BackendRefs;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.ServiceName;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.RouteRule;
import io.tulle.model.world.Routing;
import io.tulle.model.world.Routing.Attachment;
import io.tulle.model.world.Routing.Parent;
import io.tulle.model.world.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** What HTTPRoute and GRPCRoute share: parents and the numbering of rules. */
final class Routes {
    private static final int MOST_MATCHES = 128;

    /** Gateway API's SectionName. */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private Routes() {}

    /** A rule's own name; empty where it has none. */
    static String name(FieldReader rule) {
        return section(rule, "name");
    }

    /** A name within a resource (Gateway API's SectionName); empty where none is written. */
    static String section(FieldReader rule, String field) {
        var name = rule.text(field).orElse("");
        if (rule.has(field) && !NAME.matcher(name).matches())
            rule.problem(
                    Codes.BAD_NAME,
                    field,
                    "cannot be '" + HttpWords.shown(name) + "'",
                    "write a DNS name in lower case, such as read-only");
        return name;
    }

    static List<Contribution> decode(
            FieldReader fields, Context context, BiFunction<FieldReader, Context, RouteRule> rule) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> routings(spec, context, rule)).orElse(List.of());
    }

    /** TCPRoute and TLSRoute: where whole connections go. */
    static List<Contribution> connections(FieldReader fields, Context context) {
        if (!fields.has("spec")) fields.missing("spec");
        return fields.object("spec", spec -> connectionRouting(spec, context))
                .<List<Contribution>>map(routing -> List.of(new Contribution.OfRouting(routing)))
                .orElse(List.of());
    }

    private static Routing connectionRouting(FieldReader spec, Context context) {
        var atEdge = new ArrayList<Attachment>();
        var parents = parentsOf(spec, context, atEdge);
        var isTls = context.resource().kind().equals("TLSRoute");
        var hosts = isTls ? hostnames(spec, atEdge) : List.<String>of();
        if (isTls && !spec.has("hostnames")) spec.missing("hostnames");
        spec.atMost(32, "parentRefs");
        spec.atMost(1, "rules");
        if (!spec.has("rules")) spec.missing("rules");
        var rules = spec.objects("rules", rule -> {
            name(rule);
            if (!rule.has("backendRefs")) rule.missing("backendRefs");
            return new Routing.TcpRule(OptionalInt.empty(), Backends.ofConnections(rule, context));
        });
        return new Routing(
                context.resource().ref(),
                Routing.Precedence.SPECIFICITY,
                parents,
                List.of(),
                rules,
                Visibility.EVERYWHERE,
                context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH),
                new Routing.AtEdge(atEdge, hosts));
    }

    private static List<Parent> parentsOf(FieldReader spec, Context context, List<Attachment> atEdge) {
        var parents = parents(spec, context, atEdge);
        if (parents.isEmpty() && !spec.has("parentRefs")) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "",
                    "has no parentRefs, so it routes nothing",
                    "name the service: parentRefs: [{group: \"\", kind: Service, name: …}]");
        }
        return parents;
    }

    private static List<Contribution> routings(
            FieldReader spec, Context context, BiFunction<FieldReader, Context, RouteRule> rule) {
        var atEdge = new ArrayList<Attachment>();
        var parents = parentsOf(spec, context, atEdge);
        var hosts = hostnames(spec, atEdge);
        spec.atMost(32, "parentRefs");
        spec.atMost(16, "rules");
        var rules = rules(spec, context, rule);
        requireBearable(spec, rules);
        var named = named(spec, rules);
        var own = context.resource().namespace();
        var here = parents.stream().filter(parent -> isOf(own, parent)).toList();
        var elsewhere = parents.stream().filter(parent -> !isOf(own, parent)).toList();
        var all = new ArrayList<Contribution>();
        var everybodys = routing(context, here, named, Visibility.EVERYWHERE, new Routing.AtEdge(atEdge, hosts));
        if (!here.isEmpty() || !atEdge.isEmpty() || elsewhere.isEmpty())
            all.add(new Contribution.OfRouting(everybodys));
        // GAMMA's consumer route: for the clients of its own namespace, and before the routes of the service's
        if (!elsewhere.isEmpty())
            all.add(new Contribution.OfRouting(
                    routing(context, elsewhere, named, Visibility.of(List.of(own)), Routing.AtEdge.NOWHERE)));
        return all;
    }

    private static boolean isOf(String namespace, Parent parent) {
        return ServiceName.ofHost(parent.host())
                .filter(service -> service.namespace().equals(namespace))
                .isPresent();
    }

    private static Routing routing(
            Context context, List<Parent> parents, List<RouteRule> rules, Visibility clients, Routing.AtEdge edge) {
        return new Routing(
                context.resource().ref(),
                Routing.Precedence.SPECIFICITY,
                parents,
                rules,
                List.of(),
                clients,
                context.resource().metadata().creationTimestamp().orElse(Instant.EPOCH),
                edge);
    }

    private static List<String> hostnames(FieldReader spec, List<Attachment> atEdge) {
        spec.atMost(16, "hostnames");
        var hosts = spec.texts("hostnames");
        hosts.forEach(host -> ListenerReader.requireHost(spec, "hostnames", host));
        if (!hosts.isEmpty() && atEdge.isEmpty()) {
            spec.warning(
                    Codes.NO_EFFECT,
                    "hostnames",
                    "says nothing between services: the parent says which requests are meant",
                    "remove it, or match the header ':authority' in a VirtualService");
        }
        return hosts;
    }

    /** The schema's bound on all matches of a route together. */
    private static void requireBearable(FieldReader spec, List<RouteRule> rules) {
        var matches = rules.stream().mapToInt(rule -> rule.matches().size()).sum();
        if (matches <= MOST_MATCHES) return;
        spec.problem(
                Codes.OUT_OF_RANGE,
                "rules",
                "have " + matches + " matches together, and " + MOST_MATCHES + " are allowed",
                "divide the route into several");
    }

    /** @param atEdge takes the gateways among them */
    private static List<Parent> parents(FieldReader spec, Context context, List<Attachment> atEdge) {
        var all = spec.objects("parentRefs", parent -> parent(parent, context, atEdge)).stream()
                .flatMap(Optional::stream)
                .toList();
        var seen = new HashMap<String, List<Parent>>();
        for (var parent : all) {
            var others = seen.computeIfAbsent(parent.host(), _ -> new ArrayList<>());
            var same = others.stream()
                    .anyMatch(other -> isAnyPort(other)
                            || isAnyPort(parent)
                            || (other.port().equals(parent.port())
                                    && other.section().equals(parent.section())));
            if (same) {
                spec.problem(
                        Codes.DUPLICATE_NAME,
                        "parentRefs",
                        "names " + parent.host() + " twice",
                        "name it once, or each time with another port or sectionName");
            }
            others.add(parent);
        }
        return all.stream().distinct().toList();
    }

    private static boolean isAnyPort(Parent parent) {
        return parent.port().isEmpty() && parent.section().isEmpty();
    }

    /** HTTPRoute's schema writes one rule for every path where none is written; without a backend it answers 500. */
    private static List<RouteRule> rules(
            FieldReader spec, Context context, BiFunction<FieldReader, Context, RouteRule> rule) {
        var isHttp = context.resource().kind().equals("HTTPRoute");
        if (isHttp && spec.isEmptyList("rules")) {
            spec.problem(Codes.MISSING, "rules", "is empty", "write a rule, or leave rules out");
        }
        if (!isHttp || spec.has("rules")) return spec.objects("rules", r -> rule.apply(r, context));
        var everything = List.of(RequestMatch.ofPath(new PathMatch.Prefix("/")));
        return List.of(new RouteRule("", everything, new RouteRule.Action.Respond(500, ""), RoutePolicy.NONE));
    }

    private static List<RouteRule> named(FieldReader spec, List<RouteRule> rules) {
        var all = new ArrayList<RouteRule>();
        var seen = new HashSet<String>();
        for (int i = 0; i < rules.size(); i++) {
            var rule = rules.get(i);
            if (!rule.name().isEmpty() && !seen.add(rule.name())) {
                spec.problem(Codes.DUPLICATE_NAME, "rules", "has two rules named '" + rule.name() + "'");
            }
            var name = rule.name().isEmpty() ? Integer.toString(i) : rule.name();
            all.add(rule.named(name));
        }
        return all;
    }

    private static Optional<Parent> parent(FieldReader parent, Context context, List<Attachment> atEdge) {
        var group = parent.text("group").orElse("gateway.networking.k8s.io");
        var kind = parent.text("kind").orElse("Gateway");
        var name = parent.requiredText("name");
        var namespace = parent.text("namespace").orElse(context.resource().namespace());
        var port = parent.integer("port", 1, 65535);
        if (group.equals(GatewayApi.GROUP) && kind.equals("Gateway")) {
            var section = section(parent, "sectionName");
            atEdge.add(new Attachment(
                    new ResourceRef("Gateway", namespace, name),
                    section.isEmpty() ? Optional.empty() : Optional.of(section),
                    port));
            return Optional.empty();
        }
        if (!group.isEmpty() || !kind.equals("Service")) {
            var written = group.isEmpty() ? kind : group + " " + kind;
            parent.problem(
                    Codes.PARENT, "", "names a " + written + ", and Tulle attaches routes to Gateways and Services");
            return Optional.empty();
        }
        var section = Optional.of(section(parent, "sectionName")).filter(text -> !text.isEmpty());
        return BackendRefs.service(parent, namespace, name).map(service -> new Parent(service.host(), port, section));
    }
}
