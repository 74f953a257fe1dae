package io.tulle.dialects.kind;

import io.tulle.model.ServiceName;
import io.tulle.model.world.Visibility;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Who sees what a resource says (Istio's {@code exportTo}): {@code .} is its own namespace, {@code *}, the default, every
 * one, {@code ~} none.
 */
public record Exports(Visibility to, Optional<String> wrong) {
    /**
     * Reads it.
     *
     * @param own the resource's namespace
     * @param mayBeNone whether {@code ~} is allowed: upstream allows it of what is a destination, and of no rule
     */
    public static Exports of(Collection<String> written, String own, boolean mayBeNone) {
        var seen = new HashSet<String>();
        var namespaces = new TreeSet<String>();
        Optional<String> wrong = Optional.empty();
        for (var each : written) {
            var namespace = each.equals(".") ? own : each;
            var isMark = each.equals("*") || (each.equals("~") && mayBeNone);
            if (!isMark && !ServiceName.isLabel(namespace)) wrong = Optional.of("cannot be '" + each + "'");
            else if (!seen.add(namespace)) wrong = Optional.of("names " + namespace + " twice");
            else if (!isMark) namespaces.add(namespace);
        }
        if (seen.size() > 1 && (seen.contains("*") || seen.contains("~"))) {
            wrong = Optional.of("has " + (seen.contains("*") ? "'*'" : "'~'") + " beside others");
        }
        var everywhere = written.isEmpty() || seen.contains("*");
        return new Exports(everywhere ? Visibility.EVERYWHERE : Visibility.of(namespaces), wrong);
    }
}
