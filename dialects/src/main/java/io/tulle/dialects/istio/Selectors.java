package io.tulle.dialects.istio;

import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.world.Selector;
import java.util.TreeMap;

/** Istio's WorkloadSelector. */
final class Selectors {
    private Selectors() {}

    static Selector of(FieldReader spec) {
        return spec.object("selector", s -> new Selector(s.textMap("matchLabels")))
                .orElse(Selector.ALL);
    }

    /** The selector of a resource that cannot be read as a whole; all workloads where the selector itself is broken. */
    static Selector guess(Resource resource) {
        var labels = new TreeMap<String, String>();
        if (!(resource.content().at("spec", "selector", "matchLabels").orElse(Node.Mapping.EMPTY)
                instanceof Node.Mapping(var _, var entries))) return Selector.ALL;
        for (var entry : entries) {
            if (!(entry.value() instanceof Node.Text(var _, var value))) return Selector.ALL;
            labels.put(entry.key(), value);
        }
        return new Selector(labels);
    }
}
