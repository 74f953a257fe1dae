package io.tulle.dialects.compose;

import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** JSON inside other files: a Dockerfile's lists, a package.json. What is no JSON is empty. */
final class JsonFields {
    private JsonFields() {}

    static Optional<Node> read(String text) {
        var reading = new Reader().json("json", text);
        return reading.isClean() ? reading.documents().stream().findFirst() : Optional.empty();
    }

    /** A list of texts and of nothing else; none of them has a NUL, which no path and no argument can have. */
    static Optional<List<String>> texts(String text) {
        if (!(read(text).orElse(Node.Mapping.EMPTY) instanceof Node.Sequence(var _, var items)))
            return Optional.empty();
        var all = new ArrayList<String>();
        for (var item : items) {
            if (!(item instanceof Node.Text(var _, var word)) || word.indexOf('\0') >= 0) return Optional.empty();
            all.add(word);
        }
        return Optional.of(all);
    }

    static Optional<String> text(Node document, String... path) {
        return document.at(path)
                .flatMap(node -> node instanceof Node.Text(var _, var text) ? Optional.of(text) : Optional.empty());
    }
}
