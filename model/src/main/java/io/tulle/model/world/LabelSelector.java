package io.tulle.model.world;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** All requirements must hold. As Kubernetes has it, an absent label satisfies {@code !=} and {@code notin}. */
public record LabelSelector(List<Requirement> requirements) {
    public static final LabelSelector ALL = new LabelSelector(List.of());

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    public boolean accepts(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.accepts(labels));
    }

    /** One condition on one label. */
    public sealed interface Requirement {
        boolean accepts(Map<String, String> labels);

        record In(String label, Set<String> values) implements Requirement {
            public In {
                values = Set.copyOf(values);
            }

            @Override
            public boolean accepts(Map<String, String> labels) {
                var value = labels.get(label);
                return value != null && values.contains(value);
            }
        }

        record NotIn(String label, Set<String> values) implements Requirement {
            public NotIn {
                values = Set.copyOf(values);
            }

            @Override
            public boolean accepts(Map<String, String> labels) {
                var value = labels.get(label);
                return value == null || !values.contains(value);
            }
        }

        record Exists(String label) implements Requirement {
            @Override
            public boolean accepts(Map<String, String> labels) {
                return labels.containsKey(label);
            }
        }

        record Missing(String label) implements Requirement {
            @Override
            public boolean accepts(Map<String, String> labels) {
                return !labels.containsKey(label);
            }
        }
    }
}
