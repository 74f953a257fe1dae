package io.tulle.model.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Policies of one family, at most one of each kind. Their order is that in which the family's sealed interface permits
 * the kinds, so two sets that say the same are equal however they were written.
 *
 * @param family the sealed interface
 */
public record PolicySet<P>(Class<P> family, List<P> all) {
    private static final ClassValue<List<Class<?>>> KINDS = new ClassValue<>() {
        @Override
        protected List<Class<?>> computeValue(Class<?> family) {
            return List.of(family.getPermittedSubclasses());
        }
    };

    /** @throws IllegalArgumentException when two are of one kind */
    public PolicySet {
        all = all.stream()
                .sorted(Comparator.comparingInt(policy -> kindOf(family, policy)))
                .toList();
        for (int i = 1; i < all.size(); i++) {
            if (kindOf(family, all.get(i - 1)) == kindOf(family, all.get(i)))
                throw new IllegalArgumentException("two policies of one kind: " + all.get(i));
        }
    }

    /** The one of a kind. */
    public <Q extends P> Optional<Q> of(Class<Q> kind) {
        for (var policy : all) {
            if (kind.isInstance(policy)) return Optional.of(kind.cast(policy));
        }
        return Optional.empty();
    }

    /** With a policy in the place of the one of its kind. */
    public PolicySet<P> with(P policy) {
        var kind = kindOf(family, policy);
        var others = all.stream().filter(other -> kindOf(family, other) != kind);
        return new PolicySet<>(family, Stream.concat(others, Stream.of(policy)).toList());
    }

    /** With a policy, where there is one. */
    public PolicySet<P> with(Optional<? extends P> policy) {
        return policy.isPresent() ? with(policy.get()) : this;
    }

    /** These, each replaced where the more specific ones say something of its kind. */
    public PolicySet<P> overriddenBy(PolicySet<P> specific) {
        var both = this;
        for (var policy : specific.all()) both = both.with(policy);
        return both;
    }

    public PolicySet<P> without(Class<? extends P> kind) {
        var others = new ArrayList<>(all);
        others.removeIf(kind::isInstance);
        return new PolicySet<>(family, others);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    @Override
    public String toString() {
        return all.toString();
    }

    private static int kindOf(Class<?> family, Object policy) {
        var kinds = KINDS.get(family);
        for (int i = 0; i < kinds.size(); i++) {
            if (kinds.get(i).isInstance(policy)) return i;
        }
        throw new IllegalArgumentException("no policy of this family: " + policy);
    }
}
