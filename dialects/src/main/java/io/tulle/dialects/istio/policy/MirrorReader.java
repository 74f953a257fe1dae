package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.MirrorPolicy.Mirror;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.Towards;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code mirror} with its percentage, or {@code mirrors}. Where no percentage is said, all is copied. */
final class MirrorReader implements RoutePolicyReader {
    private static final List<String> OLD_SHARES = List.of("mirrorPercent", "mirror_percent");

    @Override
    public Optional<MirrorPolicy> read(FieldReader route, Context context) {
        var single = route.object("mirror", to -> Destinations.of(to, context));
        var several = route.objects("mirrors", mirror -> mirror(mirror, context));
        requireConsistent(route);
        var share = share(route);
        var all = Stream.concat(single.map(to -> new Mirror(to, share, false)).stream(), several.stream())
                .filter(mirror -> mirror.share().millionths() > 0)
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(new MirrorPolicy(all));
    }

    private static void requireConsistent(FieldReader route) {
        if (route.has("mirror") && route.has("mirrors")) {
            route.problem(Codes.EXCLUDES, "mirror", "and mirrors exclude one another", "move all of them to mirrors");
        }
        if (!route.has("mirror")) {
            Stream.concat(Stream.of("mirrorPercentage"), OLD_SHARES.stream())
                    .filter(route::has)
                    .forEach(field -> route.warning(
                            Codes.NO_EFFECT, field, "is set without mirror", "set mirror, or remove " + field));
        }
        if (!route.has("route") && (route.has("mirror") || route.has("mirrors"))) {
            var field = route.has("mirror") ? "mirror" : "mirrors";
            route.warning(
                    Codes.NO_EFFECT,
                    field,
                    "copies nothing, because the route sends no request on",
                    "remove it, or write route");
        }
    }

    /** The newest field that is set says it. */
    private static Percentage share(FieldReader route) {
        var share = route.object("mirrorPercentage", Percents::of);
        var old = OLD_SHARES.stream()
                .map(field -> route.integer(field, 0, 100))
                .filter(percent -> percent.isPresent())
                .findFirst();
        return share.or(() -> old.map(percent -> Percentage.of(percent.getAsInt())))
                .orElse(Percentage.ALL);
    }

    private static Mirror mirror(FieldReader mirror, Context context) {
        if (!mirror.has("destination")) mirror.missing("destination");
        Towards to = mirror.object("destination", destination -> Destinations.of(destination, context))
                .orElse(Destinations.NOWHERE);
        return new Mirror(to, mirror.object("percentage", Percents::of).orElse(Percentage.ALL), false);
    }
}
