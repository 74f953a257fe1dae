package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.tulle.xds.spec.CertificateSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import java.util.ArrayList;
import java.util.List;

/** Certificates with their keys as secrets; trust roots as a secret whose validation is Envoy's SPIFFE
 * validator, which knows trust domains, or of no domain as they are. */
final class Trust {
    /** The resource that validates peers, in both directions: an Envoy is told to ask for it on this stream. */
    static final String ROOTS = "trust";

    /** The own certificate: a static secret of an Envoy's bootstrap, since the key never leaves the sidecar. */
    static final String CERTIFICATE = "default";

    private static final String END = "-----END CERTIFICATE-----";

    private Trust() {}

    static Secret encode(CertificateSpec spec) {
        return Secret.newBuilder()
                .setName(spec.name())
                .setTlsCertificate(TlsCertificate.newBuilder()
                        .setCertificateChain(DataSource.newBuilder().setInlineString(spec.chain()))
                        .setPrivateKey(DataSource.newBuilder().setInlineString(spec.key())))
                .build();
    }

    static Secret encode(TrustSpec spec) {
        var bundle = new StringBuilder();
        for (var root : spec.roots()) bundle.append(root).append(root.endsWith("\n") ? "" : "\n");
        if (spec.trustDomain().isEmpty()) {
            var roots = DataSource.newBuilder().setInlineString(bundle.toString());
            return Secret.newBuilder()
                    .setName(spec.name())
                    .setValidationContext(
                            CertificateValidationContext.newBuilder().setTrustedCa(roots))
                    .build();
        }
        var domain = SPIFFECertValidatorConfig.TrustDomain.newBuilder()
                .setName(spec.trustDomain())
                .setTrustBundle(DataSource.newBuilder().setInlineString(bundle.toString()));
        var validator = TypedExtensionConfig.newBuilder()
                .setName("envoy.tls.cert_validator.spiffe")
                .setTypedConfig(Any.pack(SPIFFECertValidatorConfig.newBuilder()
                        .addTrustDomains(domain)
                        .build()));
        return Secret.newBuilder()
                .setName(spec.name())
                .setValidationContext(CertificateValidationContext.newBuilder().setCustomValidatorConfig(validator))
                .build();
    }

    static Spec decode(Node secret) {
        var name = secret.name("name");
        return switch (secret.which("type")) {
            case "tls_certificate" -> {
                var pair = secret.need("tls_certificate");
                yield new CertificateSpec(name, text(pair.need("certificate_chain")), text(pair.need("private_key")));
            }
            case "validation_context" -> trust(name, secret);
            case String other -> throw secret.unsupported(other.isEmpty() ? "type" : other);
        };
    }

    private static TrustSpec trust(String name, Node secret) {
        var context = secret.need("validation_context");
        if (!context.has("custom_validator_config")) {
            return new TrustSpec(name, "", roots(context.need("trusted_ca")));
        }
        var extension = context.need("custom_validator_config");
        extension.ignore("name"); // the type says it
        var validator = extension.any("typed_config", SPIFFECertValidatorConfig.getDefaultInstance());
        var domains = validator.children("trust_domains");
        if (domains.size() != 1) throw validator.invalid("trust_domains", "has not exactly one domain");
        return new TrustSpec(
                name, domains.getFirst().name("name"), roots(domains.getFirst().need("trust_bundle")));
    }

    private static String text(Node source) {
        return switch (source.which("specifier")) {
            case "inline_string" -> source.text("inline_string");
            case "inline_bytes" -> source.utf8("inline_bytes");
            case String other -> throw source.unsupported(other.isEmpty() ? "specifier" : other);
        };
    }

    private static List<String> roots(Node source) {
        var bundle = text(source);
        var roots = new ArrayList<String>();
        for (var from = 0; from < bundle.length(); ) {
            var end = bundle.indexOf(END, from);
            if (end < 0) {
                if (!bundle.substring(from).isBlank()) throw source.invalid("specifier", "is no list of PEM blocks");
                break;
            }
            var to = end + END.length();
            if (bundle.startsWith("\n", to)) to++;
            roots.add(bundle.substring(from, to));
            from = to;
        }
        return roots;
    }
}
