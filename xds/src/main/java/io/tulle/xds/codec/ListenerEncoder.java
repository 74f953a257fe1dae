package io.tulle.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.tulle.model.IpLiteral;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ListenerSpec.Place;
import io.tulle.xds.spec.WireSpec;
import io.tulle.xds.wire.facts.ListenerFacts;
import java.time.Duration;
import java.util.List;

/** A ListenerSpec as Envoy's Listener. Where it stands for Tulle is a fact; Envoy gets the nearest that it has. */
final class ListenerEncoder {
    /** Where peers come in, in a network namespace of its own (Istio's port); our sidecar knows better where it listens. */
    static final int MESH_PORT = 15006;

    private static final String EVERYWHERE = "0.0.0.0";
    private static final Duration PATIENCE = Duration.ofMillis(100); // for a server-first protocol nothing ever comes

    private ListenerEncoder() {}

    static Listener encode(ListenerSpec spec) {
        var listener = Listener.newBuilder().setName(spec.name());
        if (spec.place() instanceof Place.Api) return api(spec, listener);
        place(spec, listener);
        var secured = spec.chains().stream().anyMatch(chain -> chain.security().isTls());
        var named =
                spec.chains().stream().anyMatch(chain -> !chain.serverNames().isEmpty());
        var detected = spec.chains().stream().anyMatch(chain -> chain.wire() instanceof WireSpec.Detected);
        var setting = new ChainEncoder.Setting(secured, spec.place() instanceof Place.Inbound);
        if (secured || named) inspector(listener, "tls", TlsInspector.getDefaultInstance());
        if (detected) {
            inspector(listener, "http", HttpInspector.getDefaultInstance());
            listener.setListenerFiltersTimeout(Wellknown.duration(PATIENCE));
            listener.setContinueOnListenerFiltersTimeout(true);
        }
        spec.chains().forEach(chain -> listener.addAllFilterChains(within(spec.place(), chain, setting)));
        return listener.build();
    }

    /** Bytes to a block of addresses: an Envoy that listens everywhere must take those to no other address. */
    private static List<FilterChain> within(Place place, ChainSpec chain, ChainEncoder.Setting setting) {
        var encoded = ChainEncoder.encode(chain, setting);
        var bounded = chain.wire() instanceof WireSpec.Tcp
                && place instanceof Place.Outbound(var _, var addresses, var _)
                && !addresses.stream().allMatch(IpLiteral::isAddress);
        if (!bounded) return encoded;
        var ranges = ((Place.Outbound) place)
                .addresses().stream().map(Blocks::encode).toList();
        return encoded.stream()
                .map(each -> each.toBuilder()
                        .setFilterChainMatch(
                                each.getFilterChainMatch().toBuilder().addAllPrefixRanges(ranges))
                        .build())
                .toList();
    }

    private static Listener api(ListenerSpec spec, Listener.Builder listener) {
        var chain = spec.chains().getFirst();
        if (!(chain.wire() instanceof WireSpec.Http http))
            throw new IllegalStateException("a listener's law is broken");
        listener.getApiListenerBuilder().setApiListener(Any.pack(HttpChain.manager(http, chain.port(), chain.name())));
        var facts = ListenerFacts.newBuilder()
                .setApi(ListenerFacts.Api.newBuilder().setChain(chain.name()).setPort(chain.port()));
        return listener.setMetadata(Wellknown.facts(facts.build())).build();
    }

    private static void place(ListenerSpec spec, Listener.Builder listener) {
        var facts = ListenerFacts.newBuilder().setTellsPolicies(spec.tellsPolicies());
        switch (spec.place()) {
            case Place.Outbound(var hosts, var addresses, var port) -> {
                listener.setTrafficDirection(TrafficDirection.OUTBOUND).setBindToPort(Wellknown.flag(false));
                var single = addresses.stream().filter(IpLiteral::isAddress).toList();
                var everywhere = single.isEmpty() || single.size() < addresses.size();
                listener.setAddress(Wellknown.address(everywhere ? EVERYWHERE : single.getFirst(), port));
                single.stream()
                        .skip(1)
                        .filter(_ -> !everywhere)
                        .forEach(address -> listener.addAdditionalAddresses(
                                AdditionalAddress.newBuilder().setAddress(Wellknown.address(address, port))));
                facts.setOutbound(
                        ListenerFacts.Outbound.newBuilder().addAllHosts(hosts).addAllAddresses(addresses));
            }
            case Place.Inbound() -> {
                listener.setTrafficDirection(TrafficDirection.INBOUND);
                listener.setAddress(Wellknown.address(EVERYWHERE, MESH_PORT));
                facts.setInbound(ListenerFacts.Inbound.getDefaultInstance());
            }
            case Place.Door(var address, var port) -> {
                listener.setTrafficDirection(TrafficDirection.INBOUND);
                listener.setAddress(Wellknown.address(address, port));
                facts.setDoor(ListenerFacts.Door.getDefaultInstance());
            }
            case Place.Api() -> throw new IllegalStateException("has no address");
            case Place.Bound(var address, var port) -> listener.setAddress(Wellknown.address(address, port));
        }
        var told = facts.build();
        if (!told.equals(ListenerFacts.getDefaultInstance())) listener.setMetadata(Wellknown.facts(told));
    }

    private static void inspector(Listener.Builder listener, String kind, Message config) {
        listener.addListenerFilters(ListenerFilter.newBuilder()
                .setName("envoy.filters.listener." + kind + "_inspector")
                .setTypedConfig(Any.pack(config)));
    }
}
