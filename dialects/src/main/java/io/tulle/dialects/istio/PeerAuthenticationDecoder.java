package io.tulle.dialects.istio;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.dialects.kind.Decoder;
import io.tulle.model.policy.PeerTls;
import io.tulle.model.world.PeerPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** PeerAuthentication. UNSET, or nothing, leaves the question to the namespace, the mesh and at last to STRICT. */
final class PeerAuthenticationDecoder implements Decoder {
    @Override
    public List<Contribution> decode(FieldReader fields, Context context) {
        var policy = fields.object("spec", spec -> policy(spec, context))
                .orElseGet(() -> new PeerPolicy(
                        context.resource().ref(),
                        Selectors.guess(context.resource()),
                        Optional.empty(),
                        new TreeMap<>()));
        return List.of(new Contribution.OfPeers(policy));
    }

    @Override
    public List<Contribution> heldClosed(Context context) {
        var resource = context.resource();
        return List.of(new Contribution.OfPeers(new PeerPolicy(
                resource.ref(), Selectors.guess(resource), Optional.of(PeerTls.STRICT), new TreeMap<>())));
    }

    private static PeerPolicy policy(FieldReader spec, Context context) {
        var selector = Selectors.of(spec);
        var mode = spec.object("mtls", PeerAuthenticationDecoder::mode).flatMap(found -> found);
        var ports = ports(spec);
        if (!ports.isEmpty() && selector.isEmpty()) {
            spec.problem(Codes.PORTS_NEED_SELECTOR, "portLevelMtls", "needs a selector");
        }
        return new PeerPolicy(context.resource().ref(), selector, mode, ports);
    }

    private static SortedMap<Integer, PeerTls> ports(FieldReader spec) {
        var ports = new TreeMap<Integer, PeerTls>();
        var written = spec.objectMap("portLevelMtls", PeerAuthenticationDecoder::mode);
        if (spec.has("portLevelMtls") && written.isEmpty()) {
            spec.problem(Codes.MISSING, "portLevelMtls", "names no port", "name a port and its mode, or remove it");
        }
        written.forEach((port, mode) -> {
            if (!Ports.isPort(port)) {
                spec.problem(
                        Codes.OUT_OF_RANGE,
                        "portLevelMtls",
                        "has '" + port + "', which is not a port",
                        "write a port, 1 to 65535");
                return;
            }
            mode.ifPresent(found -> ports.put(Integer.parseInt(port), found));
        });
        return ports;
    }

    private static Optional<PeerTls> mode(FieldReader tls) {
        var word = tls.choice(
                "mode",
                Map.of(
                        "UNSET", Optional.<PeerTls>empty(),
                        "STRICT", Optional.of(PeerTls.STRICT),
                        "PERMISSIVE", Optional.of(PeerTls.PERMISSIVE),
                        "DISABLE", Optional.of(PeerTls.DISABLE)));
        return word.flatMap(found -> found);
    }
}
