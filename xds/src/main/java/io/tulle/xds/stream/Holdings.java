package io.tulle.xds.stream;

import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Spec;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is held, by type and name, with the version that the server gave it. */
final class Holdings {
    private record Held(String version, Spec spec) {}

    private final Map<ResourceType, SortedMap<String, Held>> held = new EnumMap<>(ResourceType.class);
    private final Set<Spec.Ref> rejected = new HashSet<>();
    private final Set<Spec.Ref> touched = new HashSet<>();

    /** What comes again and says the same stays the same object: whoever made something of it need not make it again. */
    void put(String version, Spec spec) {
        var ref = new Spec.Ref(spec.type(), spec.name());
        var known = find(ref).filter(spec::equals);
        ofType(spec.type()).put(spec.name(), new Held(version, known.orElse(spec)));
        if (known.isEmpty()) touched.add(ref);
        rejected.remove(ref);
    }

    void rejected(ResourceType type, String name) {
        rejected.add(new Spec.Ref(type, name));
    }

    void remove(ResourceType type, String name) {
        var ref = new Spec.Ref(type, name);
        if (ofType(type).remove(name) != null) touched.add(ref);
        rejected.remove(ref);
    }

    boolean hasRejected() {
        return !rejected.isEmpty();
    }

    Map<String, String> versions(ResourceType type) {
        var versions = new TreeMap<String, String>();
        ofType(type).forEach((name, each) -> versions.put(name, each.version()));
        return versions;
    }

    Optional<Spec> find(Spec.Ref ref) {
        return Optional.ofNullable(ofType(ref.type()).get(ref.name())).map(Held::spec);
    }

    /** What came, went or became another since this was asked last. */
    Set<Spec.Ref> takeTouched() {
        var taken = Set.copyOf(touched);
        touched.clear();
        return taken;
    }

    List<Spec> specs() {
        return held.values().stream()
                .flatMap(byName -> byName.values().stream())
                .map(Held::spec)
                .toList();
    }

    private SortedMap<String, Held> ofType(ResourceType type) {
        return held.computeIfAbsent(type, _ -> new TreeMap<>());
    }
}
