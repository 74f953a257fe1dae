package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Labels;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.world.Selector;
import java.util.TreeMap;

/** Istio's WorkloadSelector. */
final class Selectors {
    private Selectors() {}

    static Selector of(FieldReader spec) {
        return spec.object("selector", Selectors::labels).orElse(Selector.ALL);
    }

    private static Selector labels(FieldReader selector) {
        var labels = Labels.of(selector, "matchLabels");
        if (labels.isEmpty()) {
            selector.warning(
                    Codes.NO_EFFECT,
                    "",
                    "names no labels, so the policy holds for every workload of the namespace",
                    "name the labels that are meant, or leave selector out to say the same plainly");
        }
        return new Selector(labels);
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
