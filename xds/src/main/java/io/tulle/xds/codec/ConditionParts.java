package io.tulle.xds.codec;

import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Condition;
import java.util.ArrayList;
import java.util.List;

/** One condition as its two groups are read, wanted and unwanted, which are of one kind and about one attribute. */
final class ConditionParts {
    private ConditionParts() {}

    static Condition ofCaller(Node and) {
        var headers = new ArrayList<Group>();
        var others = new ArrayList<Node>();
        for (var group : and.need("and_ids").children("ids")) {
            var found = Group.of(group, "identifier", "not_id", "or_ids", "ids");
            if (found.leaves().stream()
                    .allMatch(leaf -> leaf.which("identifier").equals("header"))) headers.add(found);
            else others.add(group);
        }
        if (!headers.isEmpty() && others.isEmpty()) return header(and, headers);
        if (!headers.isEmpty()) throw and.unsupported("and_ids");
        var source = Principals.decode(and);
        var isPrincipal =
                !source.principals().isEmpty() || !source.notPrincipals().isEmpty();
        var isNamespace =
                !source.namespaces().isEmpty() || !source.notNamespaces().isEmpty();
        var isBlock = !source.ipBlocks().isEmpty() || !source.notIpBlocks().isEmpty();
        if (isPrincipal && !isNamespace && !isBlock) {
            return new Condition.Identity(Condition.Part.PRINCIPAL, source.principals(), source.notPrincipals());
        }
        if (isNamespace && !isPrincipal && !isBlock) {
            return new Condition.Identity(Condition.Part.NAMESPACE, source.namespaces(), source.notNamespaces());
        }
        if (isBlock && !isPrincipal && !isNamespace) {
            return new Condition.Address(Condition.End.SOURCE, source.ipBlocks(), source.notIpBlocks());
        }
        throw and.unsupported("and_ids");
    }

    static Condition ofTarget(Node and) {
        var ports = List.<List<Integer>>of(new ArrayList<>(), new ArrayList<>());
        var blocks = List.<List<String>>of(new ArrayList<>(), new ArrayList<>());
        var names = List.<List<TextMatch>>of(new ArrayList<>(), new ArrayList<>());
        var once = new Once();
        for (var node : and.need("and_rules").children("rules")) {
            var group = Group.of(node, "rule", "not_rule", "or_rules", "rules");
            once.begin(group.negated(), node);
            for (var leaf : group.leaves()) {
                switch (leaf.which("rule")) {
                    case "or_rules", "and_rules" -> ports.get(once.in("ports")).add(Permissions.portWithVerdict(leaf));
                    case "destination_ip" ->
                        blocks.get(once.in("IP blocks")).add(Blocks.decode(leaf.need("destination_ip")));
                    case "requested_server_name" ->
                        names.get(once.in("server names")).add(Texts.decode(leaf.need("requested_server_name")));
                    case String other -> throw leaf.unsupported(other);
                }
            }
        }
        return one(and, ports, blocks, names);
    }

    private static Condition one(
            Node and, List<List<Integer>> ports, List<List<String>> blocks, List<List<TextMatch>> names) {
        var isPort = isThere(ports);
        var isBlock = isThere(blocks);
        var isName = isThere(names);
        if (isPort && !isBlock && !isName) return new Condition.Port(ports.get(0), ports.get(1));
        if (isBlock && !isPort && !isName) {
            return new Condition.Address(Condition.End.DESTINATION, blocks.get(0), blocks.get(1));
        }
        if (isName && !isPort && !isBlock) return new Condition.ServerName(names.get(0), names.get(1));
        throw and.unsupported("and_rules");
    }

    private static <T> boolean isThere(List<List<T>> groups) {
        return groups.stream().anyMatch(group -> !group.isEmpty());
    }

    private static Condition header(Node and, List<Group> groups) {
        var values = List.of(new ArrayList<TextMatch>(), new ArrayList<TextMatch>());
        var name = groups.getFirst().leaves().getFirst().need("header").name("name");
        var once = new Once();
        for (var group : groups) {
            once.begin(group.negated(), and);
            for (var leaf : group.leaves()) {
                var header = leaf.need("header");
                if (!header.name("name").equals(name)) throw header.unsupported("name");
                values.get(once.in("headers")).add(value(header));
            }
        }
        return new Condition.Header(name, values.get(0), values.get(1));
    }

    private static TextMatch value(Node header) {
        return switch (header.which("header_match_specifier")) {
            case "present_match" -> {
                if (!header.flag("present_match")) throw header.unsupported("present_match");
                yield new TextMatch.Present();
            }
            case "string_match" -> Texts.decode(header.need("string_match"));
            case String other -> throw header.unsupported(other);
        };
    }

    /** Alternatives of which one must hold, or none may. */
    private record Group(boolean negated, List<Node> leaves) {
        static Group of(Node node, String kind, String not, String or, String children) {
            var negated = node.which(kind).equals(not);
            var inner = negated ? node.need(not) : node;
            var leaves = inner.which(kind).equals(or) ? inner.need(or).children(children) : List.of(inner);
            if (leaves.isEmpty()) throw node.invalid(or, "is empty");
            return new Group(negated, leaves);
        }
    }
}
