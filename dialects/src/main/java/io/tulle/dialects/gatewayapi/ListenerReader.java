package io.tulle.dialects.gatewayapi;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.gatewayapi.GatewayDecoder.FrontendTls;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Hosts;
import io.tulle.dialects.kind.LabelTests;
import io.tulle.model.world.Gateway.Admits;
import io.tulle.model.world.Gateway.Listener;
import io.tulle.model.world.Gateway.Namespaces;
import io.tulle.model.world.Gateway.SecretRef;
import io.tulle.model.world.Gateway.Speech;
import io.tulle.model.world.Gateway.Termination;
import io.tulle.model.world.LabelSelector;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One listener of a Gateway. */
final class ListenerReader {
    private static final List<String> REQUESTS = List.of("HTTPRoute", "GRPCRoute");

    private final FieldReader listener;
    private final Context context;
    private final FrontendTls clients;

    private ListenerReader(FieldReader listener, Context context, FrontendTls clients) {
        this.listener = listener;
        this.context = context;
        this.clients = clients;
    }

    /** Empty for one that Tulle cannot open; the reader has been told. */
    static Optional<Listener> of(FieldReader listener, Context context, FrontendTls clients) {
        return new ListenerReader(listener, context, clients).read();
    }

    private Optional<Listener> read() {
        var name = Routes.section(listener, "name");
        if (!listener.has("name")) listener.missing("name");
        var port = listener.integer("port", 1, 65535);
        if (!listener.has("port")) listener.missing("port");
        var protocol = listener.requiredText("protocol");
        var host = listener.text("hostname").filter(text -> !text.isEmpty());
        host.ifPresent(text -> requireHost(listener, "hostname", text));
        var mode = listener.object("tls", tls -> tls(tls, port.orElse(1)));
        var admits = listener.object("allowedRoutes", allowed -> admits(allowed, protocol))
                .orElse(new Admits(new Namespaces.Same(), kindsOf(protocol)));
        if (port.isEmpty()) return Optional.empty();
        var speech = speech(protocol, mode, host.isPresent());
        return speech.map(spoken -> new Listener(
                name,
                port.getAsInt(),
                spoken,
                host.map(text -> text.toLowerCase(Locale.ROOT)).stream().toList(),
                mode.flatMap(Tls::ends),
                admits));
    }

    /**
     * What {@code tls} says.
     *
     * @param ends empty where TLS is passed through
     */
    private record Tls(boolean passes, Optional<Termination> ends) {}

    private Tls tls(FieldReader tls, int port) {
        var passes = tls.choice("mode", Map.of("Terminate", false, "Passthrough", true))
                .orElse(false);
        var refs = tls.objects("certificateRefs", ref -> secret(ref, context, List.of("Secret"), "Secret"));
        if (tls.value("options").isPresent())
            tls.warning(
                    Codes.NOT_ACTED_ON,
                    "options",
                    "are kept, but Tulle knows none",
                    "leave them out: callers speak TLS 1.2 or 1.3");
        if (passes) return new Tls(true, Optional.empty());
        if (refs.isEmpty() && !tls.has("options"))
            tls.problem(
                    Codes.MISSING,
                    "certificateRefs",
                    "is not written",
                    "name a Secret with tls.crt and tls.key: certificateRefs: [{name: …}]");
        var shown = refs.stream().flatMap(Optional::stream).toList();
        return new Tls(false, Optional.of(new Termination(shown, clients.at(port), false)));
    }

    private Optional<Speech> speech(String protocol, Optional<Tls> tls, boolean named) {
        var isTls = protocol.equals("HTTPS") || protocol.equals("TLS");
        if (isTls && tls.isEmpty()) listener.missing("tls");
        if (!isTls && tls.isPresent())
            listener.problem(
                    Codes.EXCLUDES, "tls", "is set, and protocol is " + protocol, "write HTTPS or TLS, or remove tls");
        if (protocol.equals("HTTPS") && tls.filter(Tls::passes).isPresent())
            listener.problem(
                    Codes.EXCLUDES,
                    "tls",
                    "passes TLS through, and HTTPS ends it here",
                    "write protocol: TLS, or mode: Terminate");
        if (named && (protocol.equals("TCP") || protocol.equals("UDP")))
            listener.problem(Codes.EXCLUDES, "hostname", "is set, and " + protocol + " names no host", "remove it");
        return switch (protocol) {
            case "HTTP", "HTTPS" -> Optional.of(Speech.HTTP);
            case "TLS" -> Optional.of(tls.filter(Tls::passes).isPresent() ? Speech.TLS : Speech.TCP);
            case "TCP" -> Optional.of(Speech.TCP);
            case "" -> Optional.empty();
            default -> {
                listener.warning(
                        Codes.NOT_ACTED_ON,
                        "protocol",
                        "is " + protocol + ": the listener is kept and not opened",
                        "write HTTP, HTTPS, TLS or TCP");
                yield Optional.empty();
            }
        };
    }

    private static List<String> kindsOf(String protocol) {
        return switch (protocol) {
            case "HTTP", "HTTPS" -> REQUESTS;
            case "TLS" -> List.of("TLSRoute", "TCPRoute");
            case "TCP" -> List.of("TCPRoute");
            case "UDP" -> List.of("UDPRoute");
            default -> List.of();
        };
    }

    private static Admits admits(FieldReader allowed, String protocol) {
        var namespaces =
                allowed.object("namespaces", ListenerReader::namespaces).orElse(new Namespaces.Same());
        var supported = kindsOf(protocol);
        var named = allowed.objects("kinds", kind -> {
            var group = kind.text("group").orElse(GatewayApi.GROUP);
            var name = kind.requiredText("kind");
            var isKnown = group.equals(GatewayApi.GROUP) && supported.contains(name);
            if (!isKnown)
                kind.warning(
                        Codes.NO_EFFECT,
                        "kind",
                        "is " + name + ", which no listener of protocol " + protocol + " can carry",
                        "write one of " + String.join(", ", supported));
            return isKnown ? name : "";
        });
        var kinds = named.isEmpty()
                ? supported
                : named.stream().filter(name -> !name.isEmpty()).toList();
        return new Admits(namespaces, kinds);
    }

    private static Namespaces namespaces(FieldReader namespaces) {
        var from = namespaces
                .choice("from", Map.of("All", "All", "Same", "Same", "Selector", "Selector", "None", "None"))
                .orElse("Same");
        var selector = namespaces.object("selector", LabelTests::of).orElse(LabelSelector.ALL);
        if (from.equals("Selector") && !namespaces.has("selector")) namespaces.missing("selector");
        return switch (from) {
            case "All" -> new Namespaces.All();
            case "Selector" -> new Namespaces.Carrying(selector);
            case "None" -> new Namespaces.These(List.of());
            default -> new Namespaces.Same();
        };
    }

    /** A Secret, or whatever else may be there; its namespace is the resource's own where none is written. */
    static Optional<SecretRef> secret(FieldReader ref, Context context, List<String> kinds, String usual) {
        var group = ref.text("group").orElse("");
        var kind = ref.text("kind").orElse(usual);
        var name = ref.requiredText("name");
        var namespace = ref.text("namespace").orElse(context.resource().namespace());
        if (!group.isEmpty() || !kinds.contains(kind)) {
            ref.notActedOn("kind", group.isEmpty() ? kind : group + " " + kind);
            return Optional.empty();
        }
        return Optional.of(new SecretRef(kind, Optional.of(namespace), name));
    }

    /** Gateway API's Hostname: a DNS name, perhaps below a {@code *}, and no address. */
    static void requireHost(FieldReader fields, String field, String host) {
        var plain = host.startsWith("*.") ? host.substring(2) : host;
        if (Hosts.isHost(plain) && plain.equals(plain.toLowerCase(Locale.ROOT))) return;
        fields.problem(
                Codes.BAD_HOST,
                field,
                "'" + host + "' is not a DNS name",
                "write a name in lower case, such as shop.example.com or *.example.com");
    }
}
