package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.kubernetes.Elsewhere;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reading;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From documents to resources: who each is. What its fields mean is the decoders' to say. */
public final class ResourceReader {
    private static final Set<String> HEAD = Set.of("apiVersion", "kind", "metadata", "status");
    private static final int LONGEST_LIST = 10_000;

    private final String defaultNamespace;
    private final List<Resource> resources = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final SortedMap<String, Integer> skipped = new TreeMap<>();
    private Place firstSkipped = Node.MADE;

    private ResourceReader(String defaultNamespace) {
        this.defaultNamespace = defaultNamespace;
    }

    /** Resources of a text, in order, and all problems of the text and of their heads. */
    public record Resources(List<Resource> resources, List<Problem> problems) {
        public Resources {
            resources = List.copyOf(resources);
            problems = List.copyOf(problems);
        }

        public boolean isClean() {
            return problems.stream().noneMatch(Problem::isError);
        }
    }

    /**
     * Reads every document as a resource; a {@code List} counts as its items.
     *
     * @param defaultNamespace of resources that name none and need one
     */
    public static Resources read(Reading reading, String defaultNamespace) {
        var reader = new ResourceReader(defaultNamespace);
        reader.problems.addAll(reading.problems());
        reading.documents().forEach(document -> reader.document(document, 0));
        reader.tellSkipped();
        return new Resources(reader.resources, reader.problems);
    }

    private void document(Node document, int depth) {
        if (!(document instanceof Node.Mapping mapping)) {
            if (document instanceof Node.Null) return;
            problems.add(Codes.NO_RESOURCE
                    .problem("a document is " + document.called() + ", not a resource")
                    .at(document.place()));
            return;
        }
        var apiVersion = text(mapping, "apiVersion");
        var kind = text(mapping, "kind");
        if (apiVersion.isEmpty() || kind.isEmpty()) return;
        if (kind.get().endsWith("List") && mapping.get("items").isPresent() && depth == 0) {
            items(mapping);
            return;
        }
        Kinds.of(apiVersion.get(), kind.get())
                .ifPresentOrElse(
                        known -> resource(known, mapping), () -> unknown(apiVersion.get(), kind.get(), mapping));
    }

    private void items(Node.Mapping list) {
        if (!(list.get("items").orElseThrow() instanceof Node.Sequence(var place, var items))
                || items.size() > LONGEST_LIST) {
            problems.add(Codes.NO_RESOURCE
                    .problem("the items of a List are a list of at most " + LONGEST_LIST + " resources")
                    .at(list.place()));
            return;
        }
        items.forEach(item -> document(item, 1));
    }

    /** One line for all of them: they are what a cluster's files hold most of. */
    private void tellSkipped() {
        if (skipped.isEmpty()) return;
        var all = skipped.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey())
                .collect(Collectors.joining(", "));
        problems.add(Codes.NO_TRAFFIC
                .warning("skipped, because a mesh without a cluster runs and stores nothing: " + all)
                .at(firstSkipped));
    }

    private void unknown(String apiVersion, String kind, Node.Mapping document) {
        var missed = Elsewhere.missed(apiVersion, kind);
        if (missed.isPresent()) {
            problems.add(Codes.NO_TRAFFIC
                    .warning(
                            kind + " is skipped: " + missed.get().what(),
                            missed.get().instead())
                    .at(placeOf(document, "kind")));
            return;
        }
        if (Elsewhere.has(apiVersion, kind)) {
            if (skipped.isEmpty()) firstSkipped = placeOf(document, "kind");
            skipped.merge(kind, 1, Integer::sum);
            return;
        }
        var nearest = Kinds.nearest(kind);
        var fix = nearest.map(k -> "did you mean apiVersion: " + k.apiVersion() + ", kind: " + k.kind() + "?")
                .orElse(Codes.UNKNOWN_KIND.explanation().fix());
        problems.add(Codes.UNKNOWN_KIND
                .problem("there is no kind " + kind + " in " + apiVersion, fix)
                .at(placeOf(document, "kind")));
    }

    private void resource(Kind kind, Node.Mapping document) {
        var before = problems.size();
        var metadata = document.get("metadata").orElse(new Node.Null(document.place()));
        if (!(metadata instanceof Node.Mapping mapping)) {
            problems.add(Codes.NO_RESOURCE
                    .problem(kind.kind() + " has no metadata.name")
                    .at(metadata.place()));
            return;
        }
        var read = new MetadataReader(kind, mapping, defaultNamespace, problems).read();
        if (problems.stream().skip(before).anyMatch(Problem::isError)) return;
        resources.add(new Resource(
                kind.apiVersion(),
                kind.kind(),
                read,
                document.without(HEAD),
                document.get("status").filter(status -> !(status instanceof Node.Null)),
                document.place()));
    }

    private Optional<String> text(Node.Mapping document, String field) {
        if (document.get(field).orElse(null) instanceof Node.Text(var _, var value) && !value.isBlank()) {
            return Optional.of(value);
        }
        problems.add(Codes.NO_RESOURCE.problem("a document has no " + field).at(placeOf(document, field)));
        return Optional.empty();
    }

    private static Place placeOf(Node.Mapping document, String field) {
        return document.get(field).map(Node::place).orElse(document.place());
    }
}
