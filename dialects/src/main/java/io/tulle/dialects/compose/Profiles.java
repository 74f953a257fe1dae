package io.tulle.dialects.compose;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The profiles that somebody asked for, by {@code --profile} or else by {@code COMPOSE_PROFILES}; {@code *} is all. An entry
 * that names profiles and none of these is no part of what is started: nothing that it says matters.
 */
public record Profiles(Set<String> asked) {
    public static final Profiles NONE = new Profiles(Set.of());

    public Profiles {
        asked = Set.copyOf(asked);
    }

    /** Those of the command line; where it names none, those of the variable. */
    public static Profiles of(Collection<String> written, Surroundings surroundings) {
        if (!written.isEmpty()) return new Profiles(new TreeSet<>(written));
        var variable = surroundings.variable("COMPOSE_PROFILES").orElse("");
        return new Profiles(Arrays.stream(variable.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toSet()));
    }

    /** Whether an entry of these profiles is wanted. */
    public boolean want(List<String> profiles) {
        return profiles.isEmpty() || asked.contains("*") || profiles.stream().anyMatch(asked::contains);
    }
}
