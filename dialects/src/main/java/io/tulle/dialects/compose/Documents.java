package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Limits;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The files of a project made one document: each is read and its variables replaced, what it includes stands under it,
 * what its services extend stands under them, and each file lies over those before it.
 */
final class Documents {
    private static final int MOST_FILES = 50;

    private final Surroundings surroundings;
    private final List<Problem> problems;
    private final Map<Place, String> tags = new HashMap<>();
    private final Map<String, Optional<Node.Mapping>> others = new HashMap<>();
    private final Merge over;

    Documents(Surroundings surroundings, List<Problem> problems) {
        this.surroundings = surroundings;
        this.problems = problems;
        this.over = new Merge(tags, problems);
    }

    /** Empty where none could be read. */
    Optional<Node> read(List<ComposeText> files) {
        var documents = new ArrayList<Node.Mapping>();
        for (var file : files) {
            switch (document(file).orElse(new Node.Null(Node.MADE))) {
                case Node.Mapping mapping -> documents.add(whole(mapping, new LinkedHashSet<>(List.of(file.name()))));
                case Node.Null _ -> {} // reported, or nothing written
                case Node other -> {
                    return Optional.of(other); // its reader says what is wrong with it
                }
            }
        }
        return documents.isEmpty() ? Optional.empty() : Optional.of(over.all(documents));
    }

    private Optional<Node> document(ComposeText file) {
        var reading = new Reader(Limits.DEFAULT, Merge.TAGS).yaml(file.name(), file.text());
        problems.addAll(reading.problems());
        tags.putAll(reading.tags());
        return reading.documents().stream()
                .findFirst()
                .map(document -> new Substitution(surroundings::variable, problems).in(document));
    }

    /** With what it includes, and its services with what they extend. */
    private Node.Mapping whole(Node.Mapping document, SequencedSet<String> open) {
        var own = extended(document, open);
        var all = new ArrayList<Node.Mapping>();
        for (var name : included(document))
            other(name.text(), name.place(), open).ifPresent(all::add);
        all.forEach(included -> requireApart(own, included));
        all.add(own);
        var merged = all.size() == 1 ? own : over.all(all);
        return merged.without(List.of("include"));
    }

    private record Name(Place place, String text) {}

    private List<Name> included(Node.Mapping document) {
        var names = new ArrayList<Name>();
        var written = document.get("include").orElse(Node.Mapping.EMPTY);
        var items = written instanceof Node.Sequence(var _, var each) ? each : List.<Node>of();
        for (var item : items) {
            switch (item) {
                case Node.Text(var place, var text) -> names.add(new Name(place, text));
                case Node.Mapping mapping
                when mapping.entries().size() == 1 && mapping.get("path").orElse(mapping) instanceof Node.Text path ->
                    names.add(new Name(path.place(), path.value()));
                default ->
                    elsewhere(
                            "include", "has several paths, or a folder or environment files of its own", item.place());
            }
        }
        return names;
    }

    /** Another file of this folder; reported where it is none, or cannot be read. */
    private Optional<Node.Mapping> other(String written, Place place, SequencedSet<String> open) {
        var name = written.startsWith("./") ? written.substring(2) : written;
        if (name.contains("/")) {
            elsewhere(written, "is in another folder, to which its paths would be relative", place);
            return Optional.empty();
        }
        if (open.contains(name) || others.size() > MOST_FILES) {
            wrong(written + " includes or extends itself, perhaps by way of others", "take one of them out", place);
            return Optional.empty();
        }
        var known = others.get(name);
        if (known != null) return known;
        var inside = new LinkedHashSet<>(open);
        inside.add(name);
        var found = switch (surroundings.file(name)) {
            case Surroundings.Text.Found(var text) -> document(ComposeText.of(name, text));
            case Surroundings.Text.Missing _ -> {
                wrong(written + " is not there", "correct the name", place);
                yield Optional.<Node>empty();
            }
            case Surroundings.Text.Unreadable(var why) -> {
                wrong(written + " cannot be read: " + why, "make it readable", place);
                yield Optional.<Node>empty();
            }
        };
        var read = found.filter(Node.Mapping.class::isInstance)
                .map(Node.Mapping.class::cast)
                .map(document -> whole(document, inside));
        others.put(name, read);
        return read;
    }

    private void wrong(String message, String fix, Place place) {
        problems.add(Codes.COMPOSE_OTHER_FILE.problem(message, fix).at(place));
    }

    private void elsewhere(String what, String why, Place place) {
        problems.add(Codes.COMPOSE_OTHER_FILE.problem(what + " " + why).at(place));
    }

    /** What is included must not be declared here as well (Compose: "conflicts with imported resource"). */
    private void requireApart(Node.Mapping own, Node.Mapping included) {
        var theirs = services(included);
        for (var entry : services(own).entries()) {
            var there = theirs.entry(entry.key());
            if (there.isEmpty()) continue;
            problems.add(Codes.COMPOSE_MERGE
                    .problem(
                            "services." + entry.key() + " is in an included file too, at "
                                    + there.get().keyPlace(),
                            "rename one of them, or name both files with -f")
                    .at(entry.keyPlace()));
        }
    }

    private static Node.Mapping services(Node.Mapping document) {
        return document.get("services").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping services
                ? services
                : Node.Mapping.EMPTY;
    }

    private Node.Mapping extended(Node.Mapping document, SequencedSet<String> files) {
        if (!(document.get("services").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping services)) return document;
        if (services.entries().stream()
                .noneMatch(entry -> entry.value().at("extends").isPresent())) return document;
        var all = new LinkedHashMap<String, Node.Entry>();
        services.entries()
                .forEach(entry -> all.put(
                        entry.key(),
                        new Node.Entry(
                                entry.keyPlace(),
                                entry.key(),
                                extended(entry.value(), services, new LinkedHashSet<>(List.of(entry.key())), files))));
        return document.with("services", new Node.Mapping(services.place(), List.copyOf(all.values())));
    }

    /**
     * @param open the services that this one is to be a base of
     * @param files those in which that happens
     */
    private Node extended(Node service, Node.Mapping siblings, SequencedSet<String> open, SequencedSet<String> files) {
        if (!(service instanceof Node.Mapping own)) return service;
        var extension = own.get("extends");
        if (extension.isEmpty()) return service;
        var rest = own.without(List.of("extends"));
        var place = extension.get().place();
        var name = extension.get() instanceof Node.Text(var _, var text)
                ? Optional.of(text)
                : JsonFields.text(extension.get(), "service");
        var file = JsonFields.text(extension.get(), "file");
        if (name.isEmpty()) {
            wrong("extends names no service", "write extends: {service: NAME}", place);
            return rest;
        }
        var among = file.isEmpty()
                ? Optional.of(siblings)
                : other(file.get(), place, files).map(Documents::services);
        var base = among.flatMap(services -> services.get(name.get()));
        if (base.isEmpty()) {
            if (among.isPresent())
                wrong("extends names " + name.get() + ", which is not there", "correct the name", place);
            return rest;
        }
        var inside = new LinkedHashSet<>(open);
        if (file.isEmpty() && !inside.add(name.get())) {
            wrong("extends goes in a circle by " + name.get(), "let one of them extend nothing", place);
            return rest;
        }
        var whole = file.isEmpty() ? extended(base.get(), siblings, inside, files) : base.get();
        return whole instanceof Node.Mapping mapping ? over.service(mapping, rest) : rest;
    }
}
