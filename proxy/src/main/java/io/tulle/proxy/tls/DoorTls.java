package io.tulle.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tulle.xds.spec.ChainSpec.Security.Terminated;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * TLS for callers from outside whose connections end at a gateway: TLS 1.2 and 1.3, HTTP/2 before HTTP/1.1. Compared by what it is
 * made of, so that a plan keeps it while certificates stay the same.
 */
public final class DoorTls {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    private static final List<String> HTTP = List.of(Alpn.HTTP_2, Alpn.HTTP_1_1);

    private final List<DoorCertificate> certificates;
    private final List<X509Certificate> roots;
    private final boolean requiresClient;
    private final List<SslContext> contexts;

    private DoorTls(List<DoorCertificate> certificates, List<X509Certificate> roots, boolean requiresClient)
            throws SSLException {
        this.certificates = certificates;
        this.roots = roots;
        this.requiresClient = requiresClient;
        var made = new ArrayList<SslContext>();
        for (var certificate : certificates) made.add(context(certificate));
        this.contexts = List.copyOf(made);
    }

    /**
     * Made of what is there; empty while a certificate, or the roots that are asked for, are missing.
     *
     * @param last kept where it is made of the same
     */
    public static Optional<DoorTls> of(
            Terminated ends,
            Function<String, Optional<DoorCertificate>> certificate,
            Function<String, Optional<Trust>> trust,
            Optional<DoorTls> last) {
        var shown = ends.certificates().stream()
                .flatMap(name -> certificate.apply(name).stream())
                .toList();
        var roots = ends.roots().flatMap(trust).map(each -> each.of("")).orElse(List.of());
        if (shown.isEmpty() || (ends.roots().isPresent() && roots.isEmpty())) return Optional.empty();
        if (last.filter(each -> each.isOf(shown, roots, ends.requiresClient())).isPresent()) return last;
        try {
            return Optional.of(new DoorTls(shown, roots, ends.requiresClient()));
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException("TLS cannot be spoken with it: " + unusable.getMessage(), unusable);
        }
    }

    /** With the certificate that is for a host name, else with the first. */
    public SslContext contextFor(String serverName) {
        for (int i = 0; i < certificates.size(); i++) {
            if (certificates.get(i).isFor(serverName)) return contexts.get(i);
        }
        return contexts.getFirst();
    }

    private boolean isOf(List<DoorCertificate> shown, List<X509Certificate> asked, boolean required) {
        return certificates.equals(shown) && roots.equals(asked) && requiresClient == required;
    }

    private SslContext context(DoorCertificate certificate) throws SSLException {
        var builder = SslContextBuilder.forServer(certificate.key(), certificate.chain())
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols(VERSIONS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        HTTP));
        if (roots.isEmpty()) return builder.build();
        return builder.trustManager(roots)
                .clientAuth(requiresClient ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL)
                .build();
    }
}
