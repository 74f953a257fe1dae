package io.tulle.model.world;

import java.util.List;
import java.util.Optional;

/**
 * What a namespace lets others refer to in it (Gateway API's ReferenceGrant).
 *
 * @param source in the namespace that is referred to
 */
public record Grant(ResourceRef source, List<From> from, List<To> to) {
    public Grant {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** Who may refer. */
    public record From(String group, String kind, String namespace) {}

    /**
     * To what.
     *
     * @param name empty for all of the kind
     */
    public record To(String group, String kind, Optional<String> name) {}

    /** Whether it lets something of a kind and namespace refer to a resource in its own namespace. */
    public boolean allows(From who, String group, String kind, String name) {
        return from.contains(who)
                && to.stream()
                        .anyMatch(each -> each.group().equals(group)
                                && each.kind().equals(kind)
                                && each.name().map(name::equals).orElse(true));
    }
}
