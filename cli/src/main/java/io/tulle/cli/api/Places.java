package io.tulle.cli.api;

import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem.Place;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where in the files a refusal of the control plane is meant. The control plane has no file: it names the document and, in
 * what it says, the field; whoever has the text finds the line.
 */
record Places(List<Resource> sent) {
    static final Places NONE = new Places(List.of());

    private static final Pattern FIELD =
            Pattern.compile("\\b(?:spec|metadata)(?:\\.[A-Za-z][A-Za-z0-9]*|\\[[0-9]+\\])+");
    private static final Pattern STEP = Pattern.compile("[A-Za-z][A-Za-z0-9]*|\\[[0-9]+\\]");

    Places {
        sent = List.copyOf(sent);
    }

    /**
     * @param document {@code namespace/name}, or the name alone where there is no namespace
     * @param said the refusal, which may name the kind and a field: {@code spec.http[0].timeout}
     */
    Optional<Place> of(String document, String said) {
        var named = sent.stream()
                .filter(each -> document.equals(each.namespace() + "/" + each.name()) || document.equals(each.name()))
                .toList();
        var meant = named.stream()
                .filter(each -> Pattern.compile("\\b" + Pattern.quote(each.kind()) + "\\b")
                        .matcher(said)
                        .find())
                .findFirst();
        return meant.or(() -> named.stream().findFirst()).map(each -> place(each, said));
    }

    private static Place place(Resource of, String said) {
        var field = FIELD.matcher(said);
        if (!field.find()) return of.place();
        var here = (Node) of.toNode();
        var steps = STEP.matcher(field.group());
        while (steps.find()) {
            var next = step(here, steps.group());
            if (next.isEmpty()) break; // what is missing is missing here
            here = next.get();
        }
        return here.place().line() > 0 ? here.place() : of.place();
    }

    private static Optional<Node> step(Node from, String step) {
        if (!step.startsWith("[")) return from.at(step);
        var index = Integer.parseInt(step.substring(1, step.length() - 1));
        return from instanceof Node.Sequence(var _, var items) && index < items.size()
                ? Optional.of(items.get(index))
                : Optional.empty();
    }
}
