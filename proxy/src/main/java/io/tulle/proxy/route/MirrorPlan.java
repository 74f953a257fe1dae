package io.tulle.proxy.route;

import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.Towards;
import io.tulle.proxy.policy.PolicyPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The mirrors of one route, ready to be drawn for each request, every one for itself. */
public record MirrorPlan(List<Mirror> mirrors) implements PolicyPlan {
    /** A plan that copies nothing. */
    public static final MirrorPlan NONE = new MirrorPlan(List.of());

    private static final int MILLION = 1_000_000;

    public MirrorPlan {
        mirrors = List.copyOf(mirrors);
    }

    /**
     * Where copies go.
     *
     * @param marked whether a copy's host is told apart from its request's
     */
    public record Mirror(String cluster, Percentage share, boolean marked) {
        /** The host of a copy, {@code cart-shadow:4000} for {@code cart:4000} (Envoy's request_mirror_policies). */
        public String authority(String ofRequest) {
            return marked ? Authority.host(ofRequest) + "-shadow" + Authority.portPart(ofRequest) : ofRequest;
        }
    }

    static MirrorPlan compile(MirrorPolicy policy) {
        return new MirrorPlan(policy.mirrors().stream()
                .flatMap(mirror -> mirror.to() instanceof Towards.Cluster(var cluster)
                        ? Stream.of(new Mirror(cluster, mirror.share(), mirror.marked()))
                        : Stream.empty())
                .toList());
    }

    /** Those that get a copy of this one request. Allocates nothing for a route without mirrors. */
    public List<Mirror> draw(RandomGenerator random) {
        if (mirrors.isEmpty()) return mirrors;
        var drawn = new ArrayList<Mirror>(mirrors.size());
        for (var mirror : mirrors) {
            if (mirror.share().covers(random.nextInt(MILLION))) drawn.add(mirror);
        }
        return drawn;
    }
}
