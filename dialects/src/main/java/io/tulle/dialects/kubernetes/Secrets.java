package io.tulle.dialects.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.reader.Node;
import io.tulle.model.world.TlsSecret;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a gateway can use of a Secret or a ConfigMap: a certificate with its key ({@code tls.crt}, {@code tls.key}, or Istio's
 * {@code cert}, {@code key}) and roots for callers' certificates ({@code ca.crt}, or Istio's {@code cacert}).
 */
final class Secrets {
    private static final String TLS = "kubernetes.io/tls";

    private Secrets() {}

    static List<Contribution> contribution(Context context) {
        var chain = first(context, "tls.crt", "cert");
        var key = first(context, "tls.key", "key");
        var roots = first(context, "ca.crt", "cacert");
        var pair = chain.flatMap(shown -> key.map(own -> new TlsSecret.Pair(shown, own)));
        if (pair.isEmpty() && roots.isEmpty()) return List.of();
        return List.of(
                new Contribution.OfSecret(new TlsSecret(context.resource().ref(), pair, roots)));
    }

    /** A Secret of TLS without its two parts is refused by Kubernetes too. */
    static void check(FieldReader fields, Context context) {
        if (!(context.resource().content().at("type").orElse(Node.of("")) instanceof Node.Text(var _, var type))
                || !type.equals(TLS)) return;
        for (var part : List.of("tls.crt", "tls.key")) {
            if (first(context, part).isEmpty())
                fields.problem(
                        Codes.MISSING,
                        "data",
                        "has no " + part + " that can be read",
                        "write both tls.crt and tls.key, each PEM in base64");
        }
    }

    private static Optional<String> first(Context context, String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.concat(
                        text(context, "stringData", name).stream(),
                        context.resource().kind().equals("Secret")
                                ? text(context, "data", name).flatMap(Secrets::decoded).stream()
                                : text(context, "data", name).stream()))
                .findFirst();
    }

    private static Optional<String> text(Context context, String field, String name) {
        return context.resource()
                .content()
                .at(field, name)
                .filter(Node.Text.class::isInstance)
                .map(node -> ((Node.Text) node).value());
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getMimeDecoder().decode(base64), UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
