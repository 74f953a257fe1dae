package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.tulle.model.Protocol;
import io.tulle.model.SpiffeId;
import io.tulle.xds.XdsCode;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec.Security;
import java.util.ArrayList;
import java.util.List;

/** Mutual TLS 1.3 of the mesh as Envoy's transport sockets. */
final class Tls {
    private static final String SOCKET = "envoy.transport_sockets.tls";

    /** Matches no certificate: an endpoint of which no identity is expected is trusted by nobody. */
    private static final String NOBODY = "nobody";

    private Tls() {}

    static TransportSocket downstream(ChainSpec.Security.Terminated security, List<String> alpn) {
        var common = CommonTlsContext.newBuilder()
                .setTlsParams(TlsParameters.newBuilder()
                        .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2)
                        .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3))
                .addAllAlpnProtocols(alpn);
        security.certificates().forEach(name -> common.addTlsCertificateSdsSecretConfigs(secret(name)));
        security.roots().ifPresent(name -> common.setValidationContextSdsSecretConfig(secret(name)));
        return socket(Any.pack(DownstreamTlsContext.newBuilder()
                .setRequireClientCertificate(Wellknown.flag(security.requiresClient()))
                .setCommonTlsContext(common)
                .build()));
    }

    private static SdsSecretConfig secret(String name) {
        return SdsSecretConfig.newBuilder()
                .setName(name)
                .setSdsConfig(Wellknown.ADS)
                .build();
    }

    static TransportSocket downstream(List<String> alpn) {
        return socket(Any.pack(DownstreamTlsContext.newBuilder()
                .setRequireClientCertificate(Wellknown.flag(true))
                .setCommonTlsContext(common(alpn).setValidationContextSdsSecretConfig(roots()))
                .build()));
    }

    static TransportSocket upstream(Security.MutualTls security, Protocol protocol) {
        var validation = CertificateValidationContext.newBuilder();
        for (var identity : security.identities()) validation.addMatchTypedSubjectAltNames(san(identity.uri()));
        if (security.identities().isEmpty()) validation.addMatchTypedSubjectAltNames(san(NOBODY));
        var alpn = switch (protocol) {
            case HTTP2, GRPC -> List.of("h2");
            case HTTP -> List.of("http/1.1");
            case NEST_TCP, TCP, UNDECLARED -> List.<String>of();
        };
        var common = common(alpn)
                .setCombinedValidationContext(CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                        .setDefaultValidationContext(validation)
                        .setValidationContextSdsSecretConfig(roots()));
        return socket(Any.pack(UpstreamTlsContext.newBuilder()
                .setSni(security.serverName())
                .setCommonTlsContext(common)
                .build()));
    }

    /** Reads a listener's socket: mutual TLS of the mesh, where the own certificate is shown, else TLS that ends there. */
    static ChainSpec.Security decodeDownstream(Node socket) {
        socket.ignore("name"); // the type says it
        var context = socket.any("typed_config", DownstreamTlsContext.getDefaultInstance());
        var required = context.wrappedFlag("require_client_certificate").orElse(false);
        var common = context.need("common_tls_context");
        var certificates = common.children("tls_certificate_sds_secret_configs").stream()
                .map(Tls::named)
                .toList();
        if (!certificates.isEmpty() && !certificates.equals(List.of(Trust.CERTIFICATE))) {
            common.ignore("tls_params", "alpn_protocols"); // TLS 1.2 or 1.3; ALPN follows from the protocol
            var roots = common.child("validation_context_sds_secret_config").map(Tls::named);
            return new ChainSpec.Security.Terminated(certificates, roots, required);
        }
        if (!required) throw new Refused(XdsCode.UNSUPPORTED, "TLS without a client certificate is not supported");
        common(common);
        return ChainSpec.MUTUAL_TLS;
    }

    private static String named(Node secret) {
        secret.ignore("sds_config"); // there is one source of secrets, whatever the way to it
        return secret.name("name");
    }

    /** Reads a cluster's socket. Without expected identities nobody is trusted. */
    static Security decodeUpstream(Node socket) {
        socket.ignore("name"); // the type says it
        var context = socket.any("typed_config", UpstreamTlsContext.getDefaultInstance());
        var common = context.need("common_tls_context");
        // Roots of the mesh come by SDS; what is validated otherwise is no part of the mesh.
        if (common.which("validation_context_type").equals("validation_context"))
            return Origination.decode(context, common);
        return new Security.MutualTls(context.text("sni"), common(common));
    }

    private static CommonTlsContext.Builder common(List<String> alpn) {
        return CommonTlsContext.newBuilder()
                .setTlsParams(TlsParameters.newBuilder()
                        .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3)
                        .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3))
                .addTlsCertificateSdsSecretConfigs(SdsSecretConfig.newBuilder().setName(Trust.CERTIFICATE))
                .addAllAlpnProtocols(alpn);
    }

    private static List<SpiffeId> common(Node common) {
        common.ignore("tls_params", "alpn_protocols"); // always TLS 1.3; ALPN follows from the protocol
        for (var certificate : common.children("tls_certificate_sds_secret_configs")) {
            requireNamed(certificate, Trust.CERTIFICATE);
        }
        return switch (common.which("validation_context_type")) {
            case "validation_context_sds_secret_config" -> {
                requireRoots(common.need("validation_context_sds_secret_config"));
                yield List.of();
            }
            case "combined_validation_context" -> {
                var combined = common.need("combined_validation_context");
                requireRoots(combined.need("validation_context_sds_secret_config"));
                yield identities(combined.need("default_validation_context"));
            }
            case "" -> throw new Refused(XdsCode.UNSUPPORTED, "TLS that validates nobody is not supported");
            case String other -> throw common.unsupported(other);
        };
    }

    private static List<SpiffeId> identities(Node validation) {
        var identities = new ArrayList<SpiffeId>();
        for (var matcher : validation.children("match_typed_subject_alt_names")) {
            if (!matcher.choice("san_type").equals("URI")) throw matcher.unsupported("san_type");
            identity(matcher.need("matcher"), identities);
        }
        for (var matcher : validation.children("match_subject_alt_names")) {
            identity(matcher, identities); // deprecated; Istio sends it
        }
        return identities;
    }

    private static void identity(Node matcher, List<SpiffeId> identities) {
        if (!matcher.which("match_pattern").equals("exact")) throw matcher.unsupported(matcher.which("match_pattern"));
        var uri = matcher.text("exact");
        if (uri.equals(NOBODY)) return;
        identities.add(SpiffeId.parse(uri).orElseThrow(() -> matcher.invalid("exact", "is no SPIFFE id: " + uri)));
    }

    private static SdsSecretConfig roots() {
        return SdsSecretConfig.newBuilder()
                .setName(Trust.ROOTS)
                .setSdsConfig(Wellknown.ADS)
                .build();
    }

    private static void requireRoots(Node secret) {
        secret.ignore("sds_config"); // there is one source of roots, whatever the way to it
        var name = secret.text("name");
        if (!name.equals(Trust.ROOTS) && !name.equals("ROOTCA")) throw secret.unsupported("name");
    }

    private static void requireNamed(Node secret, String name) {
        secret.ignore("sds_config"); // the own certificate comes from joining
        if (!secret.text("name").equals(name)) throw secret.unsupported("name");
    }

    private static SubjectAltNameMatcher san(String uri) {
        return SubjectAltNameMatcher.newBuilder()
                .setSanType(SubjectAltNameMatcher.SanType.URI)
                .setMatcher(StringMatcher.newBuilder().setExact(uri))
                .build();
    }

    static TransportSocket socket(Any context) {
        return TransportSocket.newBuilder()
                .setName(SOCKET)
                .setTypedConfig(context)
                .build();
    }
}
