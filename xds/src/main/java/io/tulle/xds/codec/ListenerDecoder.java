package io.tulle.xds.codec;

import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ChainSpec.Security;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ListenerSpec.Place;
import io.tulle.xds.spec.WireSpec;
import io.tulle.xds.wire.facts.ChainFacts;
import io.tulle.xds.wire.facts.ListenerFacts;
import io.tulle.xds.wire.nesttcp.NestTcp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads Envoy's Listener; one without Tulle's facts is a bound socket, or an outbound port when it binds nothing. */
final class ListenerDecoder {
    private ListenerDecoder() {}

    static ListenerSpec decode(Node listener) {
        // sniffing is always on, for 2 ms at most; statistics
        listener.ignore("stat_prefix", "listener_filters_timeout", "continue_on_listener_filters_timeout");
        for (var filter : listener.children("listener_filters")) {
            filter.ignore("name");
            var type = filter.typeIn("typed_config");
            var known = type.endsWith(".HttpInspector") || type.endsWith(".OriginalDst");
            if (known) {
                filter.ignore("typed_config"); // the capture knows the destination, and sniffing is always on
            } else {
                filter.any("typed_config", TlsInspector.getDefaultInstance())
                        .ignore("enable_ja3_fingerprinting", "initial_read_buffer_size");
            }
        }
        var name = listener.name("name");
        if (listener.has("api_listener")) return api(listener, name);
        var socket = Wellknown.socket(listener.need("address"));
        var address = socket.name("address");
        var port = socket.port("port_value");
        var facts = Wellknown.facts(listener, ListenerFacts.getDefaultInstance());
        var tells = facts.map(each -> each.flag("tells_policies")).orElse(false);
        return new ListenerSpec(name, place(listener, facts, address, port), chains(listener, port), tells);
    }

    /** One without Tulle's facts says no port: it is what a client dials by name. */
    private static ListenerSpec api(Node listener, String name) {
        var facts =
                Wellknown.facts(listener, ListenerFacts.getDefaultInstance()).flatMap(each -> each.child("api"));
        var manager = listener.need("api_listener").any("api_listener", HttpConnectionManager.getDefaultInstance());
        var port = facts.map(each -> each.port("port")).orElse(80);
        var chain = facts.map(each -> each.text("chain")).orElse(name);
        var wire = HttpChain.decode(manager);
        return new ListenerSpec(
                name, new Place.Api(), List.of(new ChainSpec(chain, port, List.of(), ChainSpec.PLAINTEXT, wire)));
    }

    private static Place place(Node listener, Optional<Node> facts, String address, int port) {
        var binds = listener.wrappedFlag("bind_to_port").orElse(true);
        listener.ignore("traffic_direction"); // for statistics and logs in Envoy; the place says it here
        return switch (facts.map(each -> each.which("place")).orElse("")) {
            case "outbound" -> {
                var outbound = facts.orElseThrow().need("outbound");
                listener.ignore("additional_addresses"); // the fact lists them all
                yield new Place.Outbound(outbound.texts("hosts"), outbound.texts("addresses"), port);
            }
            case "inbound" -> {
                facts.orElseThrow().ignore("inbound");
                yield new Place.Inbound();
            }
            case "door" -> {
                facts.orElseThrow().ignore("door");
                yield new Place.Door(address, port);
            }
            default -> binds ? new Place.Bound(address, port) : new Place.Outbound(List.of(), List.of(address), port);
        };
    }

    private static List<ChainSpec> chains(Node listener, int port) {
        var chains = new ArrayList<ChainSpec>();
        Optional<WireSpec.Http> detected = Optional.empty();
        for (var node : listener.children("filter_chains")) {
            var facts = Wellknown.facts(node, ChainFacts.getDefaultInstance());
            var detection = facts.map(each -> each.choice("detection")).orElse("NONE");
            var chain = chain(node, facts, port);
            if (detection.equals("BYTES") == detected.isEmpty()) {
                throw node.invalid("metadata", "stands for a half of a detected port, the other half is missing");
            }
            if (detection.equals("HTTP")) {
                if (!(chain.wire() instanceof WireSpec.Http http)) throw node.invalid("metadata", "is not of HTTP");
                detected = Optional.of(http);
            } else {
                chains.add(detected.isPresent() ? merged(node, chain, detected.get()) : chain);
                detected = Optional.empty();
            }
        }
        if (detected.isPresent()) throw listener.invalid("filter_chains", "ends with half of a detected port");
        return chains;
    }

    private static ChainSpec merged(Node node, ChainSpec chain, WireSpec.Http http) {
        if (!(chain.wire() instanceof WireSpec.Tcp tcp)) throw node.invalid("metadata", "is not of bytes");
        var wire = new WireSpec.Detected(http, tcp);
        return new ChainSpec(chain.name(), chain.port(), chain.serverNames(), chain.security(), wire);
    }

    private static ChainSpec chain(Node chain, Optional<Node> facts, int listenerPort) {
        var socket = chain.child("transport_socket");
        var match = chain.child("filter_chain_match");
        var security =
                socket.isPresent() && !isRaw(socket.get()) ? Tls.decodeDownstream(socket.orElseThrow()) : asItIs(match);
        var isHalf = facts.map(each -> each.choice("detection").equals("HTTP")).orElse(false);
        match.ifPresent(each -> {
            if (isHalf) each.ignore("application_protocols"); // how Envoy tells the halves of a detected port apart
            if (facts.isPresent()) each.ignore("prefix_ranges"); // of ours: the place lists the addresses
            requireFraming(each, security);
        });
        var dialled = match.map(each -> each.wrapped("destination_port")).orElse(OptionalInt.empty());
        var port = facts.map(each -> each.port("port")).orElse(dialled.orElse(listenerPort));
        if (dialled.orElse(port) != port)
            throw chain.invalid("filter_chain_match", "is for another port than its fact");
        return new ChainSpec(
                chain.text("name"),
                port,
                match.map(each -> each.texts("server_names")).orElse(List.of()),
                security,
                wire(chain, facts));
    }

    /** What no transport socket unwraps: plaintext, or TLS that is forwarded. */
    private static Security asItIs(Optional<Node> match) {
        var framing = match.map(each -> each.text("transport_protocol")).orElse("");
        return framing.equals("tls") ? new Security.PassedThrough() : ChainSpec.PLAINTEXT;
    }

    private static void requireFraming(Node match, Security security) {
        var framing = match.text("transport_protocol");
        var fits = framing.isEmpty() || framing.equals(security.isTls() ? "tls" : "raw_buffer");
        if (!fits) throw match.unsupported("transport_protocol");
    }

    private static WireSpec wire(Node chain, Optional<Node> facts) {
        var rules = new ArrayList<Rbac.Rules>();
        for (var filter : chain.children("filters")) {
            filter.ignore("name"); // the type says it
            var type = filter.typeIn("typed_config");
            if (type.endsWith(".RBAC")) {
                var policies = filter.any("typed_config", RBAC.getDefaultInstance());
                policies.ignore("stat_prefix"); // statistics
                rules.addAll(Policies.rules(policies));
            } else if (type.endsWith(".NestTcp")) {
                var nest = filter.any("typed_config", NestTcp.getDefaultInstance());
                requireNone(rules, filter);
                return new WireSpec.NestTcp(
                        nest.name("routes"), Policies.decodeBare(nest, "policies", "dry_run_policies"));
            } else if (type.endsWith(HttpChain.MANAGER)) {
                var manager = filter.any("typed_config", HttpConnectionManager.getDefaultInstance());
                requireNone(rules, filter);
                return HttpChain.decode(manager);
            } else {
                return TcpChain.decode(filter.any("typed_config", TcpProxy.getDefaultInstance()), rules, facts);
            }
        }
        throw chain.invalid("filters", "forwards nothing");
    }

    private static void requireNone(List<Rbac.Rules> rules, Node filter) {
        if (!rules.isEmpty())
            throw filter.invalid("typed_config", "stands behind network policies, which have no place");
    }

    private static boolean isRaw(Node socket) {
        if (!socket.typeIn("typed_config").endsWith(".RawBuffer")) return false;
        socket.ignore("name", "typed_config"); // plaintext, said in words
        return true;
    }
}
