package io.tulle.it.policies;

import com.google.protobuf.Any;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TypeRegistry;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.envoyproxy.envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState;
import io.envoyproxy.envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.wire.nesttcp.NestTcp;
import io.tulle.xds.wire.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What one proxy hears more, less or otherwise than it would without the documents, in protobuf's text format. */
final class Heard {
    private static final List<Descriptor> MESSAGES = List.of(
            Cluster.getDescriptor(),
            ClusterLoadAssignment.getDescriptor(),
            Listener.getDescriptor(),
            RouteConfiguration.getDescriptor(),
            Secret.getDescriptor(),
            HttpConnectionManager.getDescriptor(),
            Router.getDescriptor(),
            HTTPFault.getDescriptor(),
            Cors.getDescriptor(),
            CorsPolicy.getDescriptor(),
            FilterConfig.getDescriptor(),
            StatefulSession.getDescriptor(),
            StatefulSessionPerRoute.getDescriptor(),
            CookieBasedSessionState.getDescriptor(),
            HeaderBasedSessionState.getDescriptor(),
            TcpProxy.getDescriptor(),
            TlsInspector.getDescriptor(),
            HttpInspector.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC.getDescriptor(),
            PreviousHostsPredicate.getDescriptor(),
            UpstreamTlsContext.getDescriptor(),
            DownstreamTlsContext.getDescriptor(),
            SPIFFECertValidatorConfig.getDescriptor(),
            HttpProtocolOptions.getDescriptor(),
            BytesValue.getDescriptor(),
            NestTcp.getDescriptor(),
            Peer.getDescriptor());
    private static final TextFormat.Printer PRINTER = TextFormat.printer()
            .usingTypeRegistry(TypeRegistry.newBuilder().add(MESSAGES).build());

    private Heard() {}

    static String difference(Snapshot before, Snapshot now) {
        var all = new StringBuilder();
        for (var type : ResourceType.values()) {
            var was = before.ofType(type);
            var is = now.ofType(type);
            var names = new TreeMap<String, Optional<Spec>>();
            was.keySet().forEach(name -> names.put(name, Optional.ofNullable(is.get(name))));
            is.forEach((name, spec) -> names.put(name, Optional.of(spec)));
            names.forEach((name, spec) -> all.append(line(type, name, spec, was)));
        }
        return all.toString();
    }

    private static String line(ResourceType type, String name, Optional<Spec> now, Map<String, Spec> before) {
        if (now.isEmpty()) return "- " + type + " " + name + "\n";
        var was = before.get(name);
        var text = text(Codec.encode(now.get()).any());
        if (was == null) return "+ " + type + " " + name + "\n" + text;
        return text.equals(text(Codec.encode(was).any())) ? "" : "~ " + type + " " + name + "\n" + text;
    }

    private static String text(Any any) {
        var text = PRINTER.printToString(any);
        if (text.contains("type_url:"))
            throw new AssertionError("a message that Heard.MESSAGES does not name: " + text);
        return text.lines()
                .skip(1)
                .map(line -> line + "\n")
                .reduce("", String::concat)
                .replaceFirst("}\n$", "");
    }
}
