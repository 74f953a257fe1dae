package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.MirrorPolicy.Mirror;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.Towards;
import java.util.Optional;

/** Envoy's request_mirror_policies of a route that forwards. */
final class MirrorCodec implements RoutePolicyCodec<MirrorPolicy> {
    @Override
    public Class<MirrorPolicy> kind() {
        return MirrorPolicy.class;
    }

    @Override
    public void encode(Optional<MirrorPolicy> policy, Writing into) {
        if (policy.isEmpty() || into.forward().isEmpty()) return;
        for (var mirror : policy.get().mirrors()) {
            into.forward().get().addRequestMirrorPolicies(encode(mirror));
        }
    }

    private static RequestMirrorPolicy encode(Mirror mirror) {
        if (!(mirror.to() instanceof Towards.Cluster(var cluster)))
            throw new IllegalArgumentException("a mirror leads to no cluster: " + mirror.to());
        return RequestMirrorPolicy.newBuilder()
                .setCluster(cluster)
                .setRuntimeFraction(
                        RuntimeFractionalPercent.newBuilder().setDefaultValue(Wellknown.share(mirror.share())))
                .setDisableShadowHostSuffixAppend(!mirror.marked())
                .build();
    }

    @Override
    public Optional<MirrorPolicy> decode(Source from) {
        return from.forward()
                .map(forward -> forward.children("request_mirror_policies"))
                .filter(mirrors -> !mirrors.isEmpty())
                .map(mirrors -> new MirrorPolicy(
                        mirrors.stream().map(MirrorCodec::mirror).toList()));
    }

    private static Mirror mirror(Node mirror) {
        mirror.ignore("trace_sampled"); // a copy has the trace of its request
        var share = mirror.child("runtime_fraction").map(MirrorCodec::share).orElse(Percentage.ALL);
        return new Mirror(
                new Towards.Cluster(mirror.name("cluster")), share, !mirror.flag("disable_shadow_host_suffix_append"));
    }

    private static Percentage share(Node fraction) {
        fraction.ignore("runtime_key"); // there is no runtime here that could say another share
        return Wellknown.share(fraction.need("default_value"));
    }
}
