package io.tulle.xds.codec;

import io.tulle.model.policy.PolicySet;
import java.util.List;
import java.util.Optional;

/**
 * How one kind of policy stands in Envoy's messages. Each kind has a file of its own.
 *
 * @param <F> the family of policies
 * @param <P> the kind
 * @param <W> what is written into
 * @param <S> what is read from
 */
interface PolicyCodec<F, P extends F, W, S> {
    Class<P> kind();

    /** @param policy empty where there is none, since Envoy's default may be something else than none */
    void encode(Optional<P> policy, W into);

    Optional<P> decode(S from);

    /** Writes those of a set, each by its codec. */
    static <F, W, S> void encode(List<? extends PolicyCodec<F, ?, W, S>> codecs, PolicySet<F> policies, W into) {
        for (var codec : codecs) codec.encodeFrom(policies, into);
    }

    private void encodeFrom(PolicySet<F> policies, W into) {
        encode(policies.of(kind()), into);
    }

    /** Reads all that a family's codecs find. */
    static <F, W, S> PolicySet<F> decode(List<? extends PolicyCodec<F, ?, W, S>> codecs, PolicySet<F> none, S from) {
        var all = none;
        for (var codec : codecs) all = all.with(codec.decode(from));
        return all;
    }
}
