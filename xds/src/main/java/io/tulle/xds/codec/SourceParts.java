package io.tulle.xds.codec;

import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.AuthorizationRule.Source;
import java.util.ArrayList;
import java.util.List;

/** A Source as its groups are read; each kind of condition may come once, and once negated. */
final class SourceParts {
    private final List<List<TextMatch>> principals = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<List<TextMatch>> namespaces = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<List<String>> blocks = List.of(new ArrayList<>(), new ArrayList<>());
    private final Once once = new Once();

    void begin(boolean negated, Node group) {
        once.begin(negated, group);
    }

    void principal(TextMatch principal) {
        principals.get(once.in("principals")).add(principal);
    }

    void namespace(TextMatch namespace) {
        namespaces.get(once.in("namespaces")).add(namespace);
    }

    void block(String block) {
        blocks.get(once.in("IP blocks")).add(block);
    }

    Source source() {
        return new Source(
                principals.get(0),
                principals.get(1),
                namespaces.get(0),
                namespaces.get(1),
                blocks.get(0),
                blocks.get(1));
    }
}
