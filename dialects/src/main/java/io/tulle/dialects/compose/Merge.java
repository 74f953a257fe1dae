package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Lays one Compose document over another, as Compose does (Compose specification, "Merge"): mappings are merged, lists
 * appended, and of entries that mean one thing (a variable, a port, a mount) the later holds. {@code !override} replaces
 * what was there, and {@code !reset} takes it away.
 */
final class Merge {
    static final String RESET = "!reset";
    static final String OVERRIDE = "!override";
    static final Set<String> TAGS = Set.of(RESET, OVERRIDE);

    /** Of a service: what is replaced as a whole. */
    private static final Set<String> REPLACED = Set.of("command", "entrypoint", "healthcheck.test");

    /** Of a service: lists and mappings of names, where either form may meet the other. */
    private static final Set<String> NAMED = Set.of("depends_on", "networks", "models");

    /** Of a service: {@code KEY=value} in a list, or a mapping; a single text is a list of one. */
    private static final Set<String> PAIRS = Set.of(
            "annotations",
            "build.args",
            "build.additional_contexts",
            "build.extra_hosts",
            "build.labels",
            "deploy.labels",
            "dns",
            "dns_opt",
            "dns_search",
            "env_file",
            "label_file",
            "environment",
            "extra_hosts",
            "labels",
            "sysctls",
            "tmpfs");

    /** Of a service: lists of which each entry stands once, by what it is about. */
    private static final Map<String, Function<Node, String>> UNIQUE = unique();

    private final Map<Place, String> tags;
    private final List<Problem> problems;

    /** @param tags what is written with a tag, by its place */
    Merge(Map<Place, String> tags, List<Problem> problems) {
        this.tags = tags;
        this.problems = problems;
    }

    /** The first document, and each later one laid over it. */
    Node.Mapping all(List<Node.Mapping> documents) {
        var merged = Node.Mapping.EMPTY;
        for (var document : documents) merged = mappings(merged, document, "");
        return merged;
    }

    /** A service laid over another of which it is an extension. */
    Node.Mapping service(Node.Mapping base, Node.Mapping own) {
        return mappings(base, own, "services.x");
    }

    private Node.Mapping mappings(Node.Mapping base, Node.Mapping over, String path) {
        var merged = new LinkedHashMap<String, Node.Entry>();
        base.entries().forEach(entry -> merged.put(entry.key(), entry));
        for (var entry : over.entries()) {
            var at = path.isEmpty() ? entry.key() : path + "." + entry.key();
            var tag = tags.get(entry.value().place());
            if (RESET.equals(tag)) {
                merged.remove(entry.key());
                continue;
            }
            var before =
                    OVERRIDE.equals(tag) ? Optional.<Node.Entry>empty() : Optional.ofNullable(merged.get(entry.key()));
            var value = before.map(old -> values(old.value(), entry.value(), at))
                    .orElseGet(() -> untagged(entry.value(), at));
            merged.put(entry.key(), new Node.Entry(entry.keyPlace(), entry.key(), value));
        }
        return new Node.Mapping(over.place(), List.copyOf(merged.values()));
    }

    /** What nothing was before: of its parts too those that are reset are gone, and what stands twice stands once. */
    private Node untagged(Node value, String path) {
        if (value instanceof Node.Mapping mapping)
            return mappings(new Node.Mapping(mapping.place(), List.of()), mapping, path);
        return value instanceof Node.Sequence list ? once(list, ofService(path)) : value;
    }

    private Node values(Node base, Node over, String path) {
        var field = ofService(path);
        if (REPLACED.contains(field)) return over;
        if (over instanceof Node.Null) return base;
        if (field.equals("build")) return mappings(build(base), build(over), path);
        if (NAMED.contains(field)) return mappings(names(base, field), names(over, field), path);
        if (PAIRS.contains(field)) return once(appended(list(base), list(over)), field);
        return switch (base) {
            case Node.Mapping mapping ->
                over instanceof Node.Mapping other ? mappings(mapping, other, path) : other(base, over, path);
            case Node.Sequence list ->
                over instanceof Node.Sequence other ? once(appended(list, other), field) : other(base, over, path);
            case Node.Text _, Node.Numeral _, Node.Bool _, Node.Null _ -> untagged(over, path);
        };
    }

    private Node other(Node base, Node over, String path) {
        problems.add(Codes.COMPOSE_MERGE
                .problem(path + " is " + over.called() + ", and " + base.called() + " in " + base.place())
                .at(over.place()));
        return base;
    }

    /** {@code services.NAME.build.args} is {@code build.args}; nothing for what is of no service. */
    private static String ofService(String path) {
        if (!path.startsWith("services.")) return "";
        var dot = path.indexOf('.', "services.".length());
        return dot < 0 ? "" : path.substring(dot + 1);
    }

    private static Node.Mapping build(Node written) {
        if (written instanceof Node.Mapping mapping) return mapping;
        var place = written.place();
        return new Node.Mapping(place, List.of(new Node.Entry(place, "context", written)));
    }

    private static Node.Mapping names(Node written, String field) {
        if (written instanceof Node.Mapping mapping) return mapping;
        var entries = new ArrayList<Node.Entry>();
        for (var item : list(written).items()) {
            var place = item.place();
            var none = new Node.Null(place);
            var started = new Node.Mapping(
                    place, List.of(new Node.Entry(place, "condition", new Node.Text(place, "service_started"))));
            entries.add(new Node.Entry(place, text(item), field.equals("depends_on") ? started : none));
        }
        return new Node.Mapping(written.place(), entries);
    }

    private static Node.Sequence list(Node written) {
        var place = written.place();
        return switch (written) {
            case Node.Sequence list -> list;
            case Node.Mapping mapping ->
                new Node.Sequence(
                        place, mapping.entries().stream().map(Merge::pair).toList());
            case Node.Null _ -> new Node.Sequence(place, List.of());
            case Node.Text _, Node.Numeral _, Node.Bool _ -> new Node.Sequence(place, List.of(written));
        };
    }

    private static Node pair(Node.Entry entry) {
        var value = entry.value() instanceof Node.Null ? "" : "=" + text(entry.value());
        return new Node.Text(entry.value().place(), entry.key() + value);
    }

    private static Node.Sequence appended(Node.Sequence base, Node.Sequence over) {
        var items = new ArrayList<>(base.items());
        items.addAll(over.items());
        return new Node.Sequence(over.place(), items);
    }

    /** Of entries about one thing the last, in the place of the first. */
    private static Node.Sequence once(Node.Sequence list, String field) {
        var about = Optional.ofNullable(UNIQUE.get(field.replaceAll("networks\\.[^.]+\\.", "networks.*.")));
        if (about.isEmpty()) return list;
        var kept = new LinkedHashMap<String, Node>();
        for (var item : list.items()) kept.put(about.get().apply(item), item);
        return new Node.Sequence(list.place(), List.copyOf(kept.values()));
    }

    private static Map<String, Function<Node, String>> unique() {
        var all = new LinkedHashMap<String, Function<Node, String>>();
        for (var field : PAIRS) all.put(field, Merge::key);
        List.of("cap_add", "cap_drop", "expose", "links", "profiles", "networks.*.aliases")
                .forEach(field -> all.put(field, Merge::key));
        all.put("env_file", item -> item.at("path").map(Merge::text).orElseGet(() -> text(item)));
        all.put("extra_hosts", Merge::text);
        all.put("build.extra_hosts", Merge::text);
        all.put("ports", Merge::port);
        all.put("volumes", Merge::mount);
        all.put("devices", Merge::mount);
        List.of("configs", "secrets")
                .forEach(field -> all.put(
                        field,
                        item -> item.at("target")
                                .or(() -> item.at("source"))
                                .map(Merge::text)
                                .orElseGet(() -> text(item))));
        return all;
    }

    private static String key(Node item) {
        var text = text(item);
        var equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    private static String port(Node item) {
        if (!(item instanceof Node.Mapping)) return text(item);
        return field(item, "host_ip", "0.0.0.0") + ":" + field(item, "published", "") + ":" + field(item, "target", "")
                + "/" + field(item, "protocol", "tcp");
    }

    private static String mount(Node item) {
        if (item instanceof Node.Mapping) return field(item, "target", "");
        var parts = text(item).split(":");
        return parts.length < 2 ? parts[0] : parts[1];
    }

    private static String field(Node item, String key, String otherwise) {
        return item.at(key).map(Merge::text).orElse(otherwise);
    }

    private static String text(Node node) {
        return switch (node) {
            case Node.Text(var _, var text) -> text;
            case Node.Numeral(var _, var number) -> number.toPlainString();
            case Node.Bool(var _, var set) -> Boolean.toString(set);
            case Node.Null _ -> "";
            case Node.Mapping _, Node.Sequence _ -> node.place().toString(); // about itself alone
        };
    }
}
