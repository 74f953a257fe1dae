package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Hosts;
import io.tulle.model.world.Gateway.Admits;
import io.tulle.model.world.Gateway.Clients;
import io.tulle.model.world.Gateway.Listener;
import io.tulle.model.world.Gateway.Namespaces;
import io.tulle.model.world.Gateway.SecretRef;
import io.tulle.model.world.Gateway.Speech;
import io.tulle.model.world.Gateway.Termination;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One server of an Istio Gateway: a listener, or several where its hosts are for routes of different namespaces. */
final class ServerReader {
    private static final List<String> VIRTUAL_SERVICES = List.of("VirtualService");

    private final FieldReader server;

    ServerReader(FieldReader server) {
        this.server = server;
    }

    List<Listener> listeners() {
        for (var told : List.of("bind", "defaultEndpoint")) {
            if (server.value(told).isPresent()) server.notActedOn(told, "");
        }
        var port = server.object("port", ServerReader::port).orElse(new Port(0, "", ""));
        if (!server.has("port")) server.missing("port");
        var name = server.text("name").filter(text -> !text.isEmpty()).orElse(port.name());
        var byNamespace = hosts();
        var tls = server.object("tls", each -> tls(each, port.protocol())).orElse(Tls.NONE);
        var speech = speech(port.protocol(), tls);
        var all = new ArrayList<Listener>();
        if (port.number() == 0 || speech.isEmpty()) return all;
        byNamespace.forEach((namespace, hosts) -> all.add(new Listener(
                name,
                port.number(),
                speech.get(),
                hosts.contains("*") ? List.of() : hosts,
                tls.ends(),
                new Admits(of(namespace), VIRTUAL_SERVICES))));
        return all;
    }

    private static Namespaces of(String namespace) {
        return switch (namespace) {
            case "*" -> new Namespaces.All();
            case "." -> new Namespaces.Same();
            default -> new Namespaces.These(List.of(namespace));
        };
    }

    /** Hosts by the namespace of the routes that they are for: {@code ns/host}, {@code ./host}, or a host alone for all. */
    private Map<String, List<String>> hosts() {
        var all = new TreeMap<String, List<String>>();
        var hosts = server.texts("hosts");
        if (hosts.isEmpty()) server.missing("hosts");
        for (var written : hosts) {
            var slash = written.indexOf('/');
            var namespace = slash < 0 ? "*" : written.substring(0, slash);
            var host = written.substring(slash + 1).toLowerCase(Locale.ROOT);
            var plain = host.startsWith("*.") ? host.substring(2) : host;
            if (!host.equals("*") && !Hosts.isHost(plain))
                server.problem(
                        Codes.BAD_HOST,
                        "hosts",
                        "'" + written + "' is not a DNS name",
                        "write *, a DNS name, or NAMESPACE/NAME");
            all.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(host);
        }
        return all;
    }

    private record Port(int number, String protocol, String name) {}

    private static Port port(FieldReader port) {
        var number = port.integer("number", 1, 65535);
        if (!port.has("number")) port.missing("number");
        if (port.value("targetPort").isPresent()) port.notActedOn("targetPort", "");
        var protocol = port.requiredText("protocol").toUpperCase(Locale.ROOT);
        var name = port.text("name").orElse("");
        if (name.isEmpty()) port.missing("name");
        return new Port(number.orElse(0), protocol, name);
    }

    /** @param passes whether TLS is forwarded as it is */
    private record Tls(boolean passes, Optional<Termination> ends) {
        static final Tls NONE = new Tls(false, Optional.empty());
    }

    private Tls tls(FieldReader tls, String protocol) {
        for (var told : List.of(
                "serverCertificate",
                "privateKey",
                "caCertificates",
                "caCrl",
                "caCertCredentialName",
                "tlsCertificates",
                "subjectAltNames",
                "verifyCertificateSpki",
                "verifyCertificateHash",
                "cipherSuites",
                "insecureSkipVerify")) {
            if (tls.value(told).isPresent()) tls.notActedOn(told, "");
        }
        tls.choice("minProtocolVersion", Map.of("TLS_AUTO", true, "TLSV1_2", true));
        tls.choice("maxProtocolVersion", Map.of("TLS_AUTO", true, "TLSV1_3", true));
        var redirects = tls.flag("httpsRedirect");
        var credentials = new ArrayList<String>();
        tls.text("credentialName").filter(text -> !text.isEmpty()).ifPresent(credentials::add);
        credentials.addAll(tls.texts("credentialNames"));
        var mode = tls.choice(
                        "mode",
                        Map.of(
                                "PASSTHROUGH", "PASSTHROUGH",
                                "SIMPLE", "SIMPLE",
                                "MUTUAL", "MUTUAL",
                                "OPTIONAL_MUTUAL", "OPTIONAL_MUTUAL"))
                .orElse(protocol.equals("HTTP") ? "" : "PASSTHROUGH");
        if (redirects) return new Tls(false, Optional.of(new Termination(List.of(), new Clients.Anybody(), true)));
        if (mode.equals("PASSTHROUGH")) return new Tls(true, Optional.empty());
        if (mode.isEmpty()) return Tls.NONE;
        if (credentials.isEmpty())
            tls.problem(
                    Codes.MISSING,
                    "credentialName",
                    "is not written, and " + mode + " shows callers a certificate",
                    "name a Secret with tls.crt and tls.key, in the namespace of the gateway");
        var shown = credentials.stream().map(name -> secret(name)).toList();
        return new Tls(false, Optional.of(new Termination(shown, clients(mode, credentials), false)));
    }

    /** Roots stand in the Secret itself, or in one of the same name with {@code -cacert}. */
    private static Clients clients(String mode, List<String> credentials) {
        if (mode.equals("SIMPLE")) return new Clients.Anybody();
        var roots = new ArrayList<SecretRef>();
        credentials.forEach(name -> {
            roots.add(secret(name + "-cacert"));
            roots.add(secret(name));
        });
        return new Clients.Proven(roots, mode.equals("MUTUAL"));
    }

    private static SecretRef secret(String name) {
        var bare = name.startsWith("kubernetes://") ? name.substring("kubernetes://".length()) : name;
        return new SecretRef("Secret", Optional.empty(), bare);
    }

    private Optional<Speech> speech(String protocol, Tls tls) {
        var ends = tls.ends().filter(each -> !each.redirects()).isPresent();
        return switch (protocol) {
            case "HTTP", "HTTP2", "GRPC", "GRPC-WEB" -> Optional.of(Speech.HTTP);
            case "HTTPS", "TLS" -> {
                if (!ends && !tls.passes())
                    server.problem(
                            Codes.MISSING,
                            "tls",
                            "is not written, and the protocol is " + protocol,
                            "write tls: {mode: SIMPLE, credentialName: …}, or mode: PASSTHROUGH");
                if (tls.passes()) yield Optional.of(Speech.TLS);
                yield Optional.of(protocol.equals("HTTPS") ? Speech.HTTP : Speech.TCP);
            }
            case "TCP", "MONGO" -> Optional.of(Speech.TCP);
            case "" -> Optional.empty();
            default -> {
                server.problem(
                        Codes.UNKNOWN_PROTOCOL,
                        "port",
                        "has the protocol " + protocol,
                        "write HTTP, HTTPS, GRPC, HTTP2, TCP or TLS");
                yield Optional.empty();
            }
        };
    }
}
