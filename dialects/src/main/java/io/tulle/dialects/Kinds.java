package io.tulle.dialects;

import io.tulle.dialects.field.Suggestion;
import io.tulle.dialects.gatewayapi.GatewayApi;
import io.tulle.dialects.istio.Istio;
import io.tulle.dialects.kind.Decoder;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.kubernetes.Kubernetes;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The one registry of kinds: what can be applied, listed, and served by the API. A new dialect adds its line here. */
public final class Kinds {
    private static final Map<Kind, Decoder> DECODERS = table();
    private static final Map<String, Decoder> BY_NAME = byName();
    private static final List<Kind> ALL = List.copyOf(DECODERS.keySet());

    private Kinds() {}

    public static List<Kind> all() {
        return ALL;
    }

    /** The kind that a document means, its older versions included. */
    public static Optional<Kind> of(String apiVersion, String kind) {
        return all().stream().filter(k -> k.isMeantBy(apiVersion, kind)).findFirst();
    }

    /** The kind that a path of the API means. */
    public static Optional<Kind> ofPlural(String group, String version, String plural) {
        return all().stream()
                .filter(k -> k.group().equals(group)
                        && k.version().equals(version)
                        && k.plural().equals(plural))
                .findFirst();
    }

    /** The kind that a person means on the command line: {@code vs}, {@code virtualservices.networking.istio.io}. */
    public static Optional<Kind> named(String word) {
        var wanted = word.toLowerCase(Locale.ROOT);
        return all().stream().filter(k -> names(k).anyMatch(wanted::equals)).findFirst();
    }

    private static Stream<String> names(Kind kind) {
        return Stream.concat(
                Stream.of(
                        kind.plural(),
                        kind.singular(),
                        kind.plural() + "." + kind.group(),
                        kind.singular() + "." + kind.group()),
                kind.shortNames().stream());
    }

    static Decoder decoder(Kind kind) {
        return Optional.ofNullable(BY_NAME.get(kind.apiVersion() + " " + kind.kind()))
                .orElseThrow();
    }

    /** What to say of a kind that is none: the nearest that there is. */
    static Optional<Kind> nearest(String kind) {
        return Suggestion.of(kind, all().stream().map(Kind::kind).toList())
                .flatMap(name ->
                        all().stream().filter(k -> k.kind().equals(name)).findFirst());
    }

    private static Map<Kind, Decoder> table() {
        var all = new LinkedHashMap<Kind, Decoder>();
        all.putAll(Kubernetes.kinds());
        all.putAll(GatewayApi.kinds());
        all.putAll(Istio.kinds());
        return Collections.unmodifiableMap(all);
    }

    private static Map<String, Decoder> byName() {
        var all = new HashMap<String, Decoder>();
        DECODERS.forEach((kind, decoder) -> all.put(kind.apiVersion() + " " + kind.kind(), decoder));
        return Map.copyOf(all);
    }
}
