package io.tulle.dialects.gatewayapi.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.MirrorPolicy.Mirror;
import io.tulle.model.policy.Percentage;
import java.util.List;
import java.util.Optional;

/** RequestMirror: one destination of copies; a rule may have several. Where no share is said, all is copied. */
final class MirrorFilter implements FilterReader {
    private static final int MILLION = 1_000_000;

    @Override
    public String type() {
        return "RequestMirror";
    }

    @Override
    public String field() {
        return "requestMirror";
    }

    @Override
    public boolean mayRepeat() {
        return true;
    }

    @Override
    public Optional<MirrorPolicy> read(FieldReader mirror, Context context) {
        if (!mirror.has("backendRef")) mirror.missing("backendRef");
        var to = mirror.object("backendRef", ref -> BackendRefs.of(ref, context));
        var share = share(mirror);
        return to.filter(_ -> share.millionths() > 0)
                .map(written -> new MirrorPolicy(List.of(new Mirror(written, share, false))));
    }

    private static Percentage share(FieldReader mirror) {
        var percent = mirror.integer("percent", 0, 100);
        var fraction = mirror.object("fraction", MirrorFilter::fraction);
        if (percent.isPresent() && fraction.isPresent()) mirror.oneOf("percent", "fraction");
        return fraction.orElse(percent.isPresent() ? Percentage.of(percent.getAsInt()) : Percentage.ALL);
    }

    private static Percentage fraction(FieldReader fraction) {
        if (!fraction.has("numerator")) fraction.missing("numerator");
        var numerator = fraction.integer("numerator", 0, Integer.MAX_VALUE).orElse(0);
        var denominator = fraction.integer("denominator", 1, Integer.MAX_VALUE).orElse(100);
        if (numerator <= denominator) return new Percentage((int) ((long) MILLION * numerator / denominator));
        fraction.problem(
                Codes.OUT_OF_RANGE,
                "numerator",
                "is larger than the denominator, " + denominator,
                "write a number from 0 to " + denominator);
        return Percentage.ALL;
    }
}
