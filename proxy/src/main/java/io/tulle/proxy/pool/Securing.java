package io.tulle.proxy.pool;

import io.netty.handler.ssl.SslContext;
import io.tulle.proxy.originate.Originations;
import io.tulle.proxy.tls.Alpn;
import io.tulle.proxy.tls.TlsContexts;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.ClusterSpec.Security;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;

/** What a connection to an endpoint is spoken through: mutual TLS of the mesh, TLS to a server outside, or nothing. */
public record Securing(TlsContexts mesh, Originations outside) {
    /**
     * One kind of TLS.
     *
     * @param serverName SNI
     * @param outside whether the server is outside the mesh
     */
    record Secured(SslContext context, String serverName, boolean outside) {}

    /** Complete at once, but for TLS to the outside whose files have to be looked at. */
    CompletableFuture<Optional<Secured>> of(Dial dial, List<String> alpn) {
        return switch (dial.cluster().spec().security()) {
            case Security.Plaintext _ -> CompletableFuture.completedFuture(Optional.empty());
            case Security.MutualTls tls -> peer(tls, alpn);
            case Security.Tls tls ->
                outside.context(tls, alpn(dial.cluster().spec()))
                        .thenApply(context -> Optional.of(new Secured(context, tls.serverName(), true)));
        };
    }

    private CompletableFuture<Optional<Secured>> peer(Security.MutualTls tls, List<String> alpn) {
        if (tls.identities().isEmpty()) return failed("the cluster names no identity that may answer");
        try {
            var context = mesh.client(tls.identities(), alpn);
            return context.isEmpty()
                    ? failed("this sidecar has no certificate yet")
                    : CompletableFuture.completedFuture(
                            Optional.of(new Secured(context.get(), tls.serverName(), false)));
        } catch (SSLException unusable) {
            return CompletableFuture.failedFuture(unusable);
        }
    }

    private static <T> CompletableFuture<T> failed(String why) {
        return CompletableFuture.failedFuture(new Dialer.DialFailed(why));
    }

    /** Servers outside know no protocols of the mesh: opaque bytes are offered without a word. */
    private static List<String> alpn(ClusterSpec cluster) {
        return switch (cluster.protocol()) {
            case HTTP, UNDECLARED, HTTP2, GRPC -> Alpn.offered(cluster.protocol());
            case NEST_TCP, TCP -> List.of();
        };
    }
}
