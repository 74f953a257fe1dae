package io.tulle.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.policy.ClientTls;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.PolicySet;
import io.tulle.xds.spec.ClusterSpec.Proof;
import io.tulle.xds.spec.ClusterSpec.Security;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is spoken to the endpoints of a cluster: plaintext, mutual TLS of the mesh, or TLS to something outside. */
record Speech(String trustDomain) {
    private static final String ALIAS = "spiffe://cluster.local/";

    /**
     * To instances, whose sidecars speak mutual TLS of the mesh and nothing else, unless plaintext is said in so many words.
     *
     * @param members who may answer where the rule names nobody
     */
    Security inside(ServiceName name, int port, List<SpiffeId> members, PolicySet<DestinationPolicy> policy) {
        var tls = policy.of(ClientTls.class);
        if (tls.filter(ClientTls.DISABLE::equals).isPresent()) return new Security.Plaintext();
        var named = tls.stream().flatMap(Speech::namesInMesh).toList();
        return new Security.MutualTls(name.serverName(port), named.isEmpty() ? members : identities(named));
    }

    /**
     * To something outside; empty where nobody outside can answer it, and nothing may go there in plaintext instead.
     *
     * @param declared names of its servers, for a rule that names none
     */
    Optional<Security> outside(String host, int port, List<String> declared, PolicySet<DestinationPolicy> policy) {
        return switch (policy.of(ClientTls.class).orElse(ClientTls.DISABLE)) {
            case ClientTls.Disabled() -> Optional.of(new Security.Plaintext());
            case ClientTls.Mesh(var serverName, var names) -> {
                var identities = identities(names.isEmpty() ? declared : names);
                yield identities.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Security.MutualTls(serverName.orElse(port + "." + host), identities));
            }
            case ClientTls.Origination tls ->
                Optional.of(originated(tls.serverName().orElse(host), declared, tls));
        };
    }

    /** Without names of its own the certificate must be for the name that was asked for by SNI. */
    private static Security originated(String serverName, List<String> declared, ClientTls.Origination tls) {
        var said = tls.subjectAltNames().isEmpty() ? declared : tls.subjectAltNames();
        var names = said.isEmpty() ? List.of(serverName) : said;
        var proof = switch (tls.proof()) {
            case ClientTls.Proof.Unchecked() -> new Proof.Unchecked();
            case ClientTls.Proof.Checked(var roots, var revoked) -> new Proof.Checked(names, roots, revoked);
        };
        return new Security.Tls(serverName, proof, tls.own());
    }

    private static Stream<String> namesInMesh(ClientTls tls) {
        return tls instanceof ClientTls.Mesh mesh ? mesh.subjectAltNames().stream() : Stream.of();
    }

    /** Istio: cluster.local stands for the mesh's own trust domain. What is no identity of a workload is nobody's. */
    private List<SpiffeId> identities(List<String> names) {
        return names.stream()
                .map(name -> name.startsWith(ALIAS)
                        ? "spiffe://" + trustDomain + "/" + name.substring(ALIAS.length())
                        : name)
                .flatMap(name -> SpiffeId.parse(name).stream())
                .toList();
    }
}
