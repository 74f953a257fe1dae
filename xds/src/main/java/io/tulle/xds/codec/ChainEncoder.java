package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ChainSpec.Security;
import io.tulle.xds.spec.WireSpec;
import io.tulle.xds.wire.facts.ChainFacts;
import io.tulle.xds.wire.facts.ChainFacts.Detection;
import io.tulle.xds.wire.nesttcp.NestTcp;
import java.util.List;

/** A chain as one filter chain; as two where the first bytes decide, as Istio does for a port without a protocol. */
final class ChainEncoder {
    private static final List<String> CLEAR_HTTP = List.of("http/1.0", "http/1.1", "h2c");
    private static final List<String> TLS_HTTP = List.of("h2", "http/1.1");

    /** What else stands on the same listener decides how a chain must say what it matches. */
    record Setting(boolean mixed, boolean byPort) {}

    private final ChainSpec spec;
    private final Setting setting;

    private ChainEncoder(ChainSpec spec, Setting setting) {
        this.spec = spec;
        this.setting = setting;
    }

    static List<FilterChain> encode(ChainSpec spec, Setting setting) {
        var encoder = new ChainEncoder(spec, setting);
        return switch (spec.wire()) {
            case WireSpec.Http http -> List.of(encoder.http(http, Detection.NONE));
            case WireSpec.NestTcp nest -> List.of(encoder.nest(nest));
            case WireSpec.Tcp tcp -> List.of(encoder.tcp(tcp, Detection.NONE));
            case WireSpec.Detected(var http, var tcp) ->
                List.of(encoder.http(http, Detection.HTTP), encoder.tcp(tcp, Detection.BYTES));
        };
    }

    private FilterChain http(WireSpec.Http wire, Detection detection) {
        return chain(
                List.of(HttpChain.encode(wire, spec.port(), spec.name())),
                ChainFacts.newBuilder().setDetection(detection),
                TLS_HTTP);
    }

    private FilterChain tcp(WireSpec.Tcp wire, Detection detection) {
        var facts = ChainFacts.newBuilder().setDetection(detection);
        return chain(TcpChain.encode(wire, spec.port(), spec.name(), facts), facts, List.of());
    }

    private FilterChain nest(WireSpec.NestTcp wire) {
        var filter = Filter.newBuilder()
                .setName("tulle.nesttcp")
                .setTypedConfig(Any.pack(NestTcp.newBuilder()
                        .setRoutes(wire.routes())
                        .addAllPolicies(Policies.bare(wire.authorizations(), spec.port(), false))
                        .addAllDryRunPolicies(Policies.bare(wire.authorizations(), spec.port(), true))
                        .build()))
                .build();
        return chain(List.of(filter), ChainFacts.newBuilder(), List.of());
    }

    private FilterChain chain(List<Filter> filters, ChainFacts.Builder facts, List<String> alpn) {
        var secured = spec.security().isTls();
        var detectsHttp = facts.getDetection() == Detection.HTTP;
        var chain = FilterChain.newBuilder()
                .setName(detectsHttp ? spec.name() + "/http" : spec.name())
                .addAllFilters(filters)
                .setMetadata(Wellknown.facts(facts.setPort(spec.port()).build()));
        var match = chain.getFilterChainMatchBuilder().addAllServerNames(spec.serverNames());
        if (secured) {
            match.setTransportProtocol("tls");
            switch (spec.security()) {
                case Security.Terminated ends -> chain.setTransportSocket(Tls.downstream(ends, alpn));
                case Security.MutualTls _ -> chain.setTransportSocket(Tls.downstream(alpn));
                case Security.PassedThrough _, Security.Plaintext _ -> {}
            }
        } else if (setting.mixed()) {
            match.setTransportProtocol("raw_buffer");
        }
        if (!secured && setting.byPort()) match.setDestinationPort(Wellknown.number(spec.port()));
        if (detectsHttp) match.addAllApplicationProtocols(secured ? TLS_HTTP : CLEAR_HTTP);
        return chain.build();
    }
}
