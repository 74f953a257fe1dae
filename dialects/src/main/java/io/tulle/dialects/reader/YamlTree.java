package io.tulle.dialects.reader;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.parser.Parser;

/** Builds one document from the parser's events, pulled one by one so that a refusal ends the parser's work too. */
final class YamlTree {
    private final String file;
    private final int linesBefore;
    private final Limits limits;
    private final Set<String> allowed;
    private final Map<Place, String> tags;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Anchor, Sized> anchors = new HashMap<>();
    private int aliases;
    private int nodes;

    /** A node and how many nodes it is when written out. */
    private record Sized(Node node, int size) {}

    /** @param tags where those that are allowed are noted */
    YamlTree(String file, int linesBefore, Limits limits, Set<String> allowed, Map<Place, String> tags) {
        this.file = file;
        this.linesBefore = linesBefore;
        this.limits = limits;
        this.allowed = allowed;
        this.tags = tags;
    }

    List<Problem> problems() {
        return problems;
    }

    /** The document whose start was just read; empty when something in it was refused. */
    Optional<Node> document(Parser events) {
        anchors.clear();
        aliases = 0;
        nodes = 0;
        var before = problems.size();
        var node = node(events, events.next(), 1);
        return problems.size() == before ? Optional.of(node) : Optional.empty();
    }

    private Node node(Parser events, Event event, int depth) {
        var place = place(event);
        if (depth > limits.depth()) {
            throw new Refused(Codes.TOO_DEEP
                    .problem("values are nested more than " + limits.depth() + " deep")
                    .at(place));
        }
        if (event instanceof AliasEvent alias) return aliased(alias, place);
        var before = nodes;
        count(1, place);
        refuseTag(event, place);
        var node = switch (event) {
            case ScalarEvent scalar -> Scalars.of(place, scalar.getValue(), scalar.isPlain(), problems);
            case MappingStartEvent _ -> mapping(events, place, depth);
            default -> sequence(events, place, depth);
        };
        if (event instanceof NodeEvent anchored) {
            var size = nodes - before;
            anchored.getAnchor().ifPresent(anchor -> anchors.put(anchor, new Sized(node, size)));
        }
        return node;
    }

    private Node aliased(AliasEvent alias, Place place) {
        var known = anchors.get(alias.getAlias());
        if (known == null) {
            throw new Refused(Codes.UNKNOWN_ALIAS
                    .problem("the alias *" + alias.getAlias() + " stands for nothing that ends before it")
                    .at(place));
        }
        if (++aliases > limits.aliases()) {
            throw new Refused(Codes.TOO_MANY_ALIASES
                    .problem("the document uses more than " + limits.aliases() + " aliases")
                    .at(place));
        }
        count(known.size(), place);
        return known.node();
    }

    private void count(int more, Place place) {
        nodes += more;
        if (problems.size() >= limits.problems()) {
            throw new Refused(Codes.TOO_MANY_PROBLEMS
                    .problem("the document has more than " + limits.problems() + " problems")
                    .at(place));
        }
        if (nodes > limits.nodes()) {
            throw new Refused(Codes.TOO_MANY_NODES
                    .problem("the document has more than " + limits.nodes() + " values once its aliases are expanded")
                    .at(place));
        }
    }

    private void refuseTag(Event event, Place place) {
        var tag = switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent start -> start.getTag();
            default -> Optional.<String>empty();
        };
        tag.filter(allowed::contains).ifPresent(written -> tags.put(place, written));
        tag.filter(written -> !allowed.contains(written))
                .ifPresent(written -> problems.add(Codes.TAG
                        .problem("the tag " + written + " is refused: a tag asks for a type")
                        .at(place)));
    }

    private Node sequence(Parser events, Place place, int depth) {
        var items = new ArrayList<Node>();
        for (var event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(events, event, depth + 1));
        }
        return new Node.Sequence(place, items);
    }

    private Node mapping(Parser events, Place place, int depth) {
        var entries = new LinkedHashMap<String, Node.Entry>();
        var merged = new ArrayList<Node>();
        for (var event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            var keyPlace = place(event);
            var key = key(events, event, depth + 1);
            var value = node(events, events.next(), depth + 1);
            if (key.equals("<<") && event instanceof ScalarEvent scalar && scalar.isPlain()) {
                merged.add(value);
                continue;
            }
            var first = entries.putIfAbsent(key, new Node.Entry(keyPlace, key, value));
            if (first != null) {
                problems.add(Codes.DUPLICATE_KEY
                        .problem("the key '" + key + "' is written twice in one mapping, first on line "
                                + first.keyPlace().line())
                        .at(keyPlace));
            }
        }
        merged.forEach(value -> merge(value, entries));
        return new Node.Mapping(place, List.copyOf(entries.values()));
    }

    private String key(Parser events, Event event, int depth) {
        return switch (node(events, event, depth)) {
            case Node.Text text -> text.value();
            case Node.Numeral _, Node.Bool _, Node.Null _ ->
                event instanceof ScalarEvent scalar ? scalar.getValue() : "";
            case Node.Mapping other -> badKey(other);
            case Node.Sequence other -> badKey(other);
        };
    }

    private String badKey(Node node) {
        problems.add(
                Codes.BAD_KEY.problem("a key is text, not " + node.called()).at(node.place()));
        return "";
    }

    /** YAML 1.1's merge key, which Compose files and Kubernetes manifests in the wild use: what is written here wins. */
    private void merge(Node value, Map<String, Node.Entry> into) {
        switch (value) {
            case Node.Mapping mapping -> mapping.entries().forEach(entry -> into.putIfAbsent(entry.key(), entry));
            case Node.Sequence list
            when list.items().stream().allMatch(Node.Mapping.class::isInstance) ->
                list.items().forEach(item -> merge(item, into));
            default ->
                problems.add(Codes.BAD_KEY
                        .problem("'<<' takes a mapping or a list of mappings, not " + value.called())
                        .at(value.place()));
        }
    }

    private Place place(Event event) {
        return event.getStartMark()
                .map(m -> new Place(file, m.getLine() + 1 + linesBefore, m.getColumn() + 1))
                .orElse(new Place(file, linesBefore + 1, 1));
    }
}
