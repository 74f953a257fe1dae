package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext.TrustChainVerification;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.tulle.model.IpLiteral;
import io.tulle.model.Protocol;
import io.tulle.model.policy.ClientTls.KeyFiles;
import io.tulle.xds.spec.ClusterSpec.Proof;
import io.tulle.xds.spec.ClusterSpec.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** TLS to a server outside the mesh as Envoy's transport socket. Certificates and keys are files beside the proxy. */
final class Origination {
    private Origination() {}

    static TransportSocket encode(Security.Tls tls, Protocol protocol) {
        var common = CommonTlsContext.newBuilder()
                .setTlsParams(TlsParameters.newBuilder()
                        .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2)
                        .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3))
                .setValidationContext(validation(tls.proof()))
                .addAllAlpnProtocols(alpn(protocol));
        tls.own()
                .ifPresent(own -> common.addTlsCertificates(TlsCertificate.newBuilder()
                        .setCertificateChain(file(own.certificate()))
                        .setPrivateKey(file(own.key()))));
        return Tls.socket(Any.pack(UpstreamTlsContext.newBuilder()
                .setSni(tls.serverName())
                .setCommonTlsContext(common)
                .build()));
    }

    private static List<String> alpn(Protocol protocol) {
        return switch (protocol) {
            case HTTP2, GRPC -> List.of("h2");
            case HTTP, UNDECLARED -> List.of("http/1.1");
            case NEST_TCP, TCP -> List.of();
        };
    }

    private static CertificateValidationContext validation(Proof proof) {
        var validation = CertificateValidationContext.newBuilder();
        switch (proof) {
            case Proof.Unchecked() -> validation.setTrustChainVerification(TrustChainVerification.ACCEPT_UNTRUSTED);
            case Proof.Checked(var names, var roots, var revoked) -> {
                validation.setTrustedCa(file(roots.orElse(Proof.Checked.SYSTEM)));
                revoked.ifPresent(lists -> validation.setCrl(file(lists)));
                names.forEach(name -> validation.addMatchTypedSubjectAltNames(SubjectAltNameMatcher.newBuilder()
                        .setSanType(kind(name))
                        .setMatcher(StringMatcher.newBuilder().setExact(name))));
            }
        }
        return validation.build();
    }

    private static SanType kind(String name) {
        if (name.contains("://")) return SanType.URI;
        return IpLiteral.isAddress(name) ? SanType.IP_ADDRESS : SanType.DNS;
    }

    /** @param context what is said of one cluster, its common part already taken out of it */
    static Security.Tls decode(Node context, Node common) {
        common.ignore("tls_params", "alpn_protocols"); // TLS 1.2 or 1.3; ALPN follows from the protocol
        var own = common.children("tls_certificates");
        if (own.size() > 1) throw common.invalid("tls_certificates", "has more than one certificate");
        var validation = common.need("validation_context");
        return new Security.Tls(
                context.name("sni"), proof(validation), own.stream().findFirst().map(Origination::keyFiles));
    }

    private static KeyFiles keyFiles(Node certificate) {
        return new KeyFiles(filename(certificate.need("certificate_chain")), filename(certificate.need("private_key")));
    }

    private static Proof proof(Node validation) {
        if (validation.choice("trust_chain_verification").equals("ACCEPT_UNTRUSTED")) return new Proof.Unchecked();
        var names = new ArrayList<String>();
        for (var matcher : validation.children("match_typed_subject_alt_names")) {
            var name = matcher.need("matcher").name("exact");
            if (!matcher.choice("san_type").equals(kind(name).name())) throw matcher.unsupported("san_type");
            names.add(name);
        }
        if (names.isEmpty())
            throw validation.invalid("match_typed_subject_alt_names", "is empty: a certificate of any name would do");
        return new Proof.Checked(
                names,
                Optional.of(filename(validation.need("trusted_ca"))),
                validation.child("crl").map(Origination::filename));
    }

    private static String filename(Node source) {
        if (!source.which("specifier").equals("filename")) throw source.unsupported(source.which("specifier"));
        return source.name("filename");
    }

    private static DataSource file(String name) {
        return DataSource.newBuilder().setFilename(name).build();
    }
}
