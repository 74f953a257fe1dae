package io.tulle.xds.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.tulle.xds.spec.Spec;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What must hold of every spec. */
class CodecLawsTest {
    @Property(tries = 1500)
    void decodingWhatWasEncodedGivesTheSameSpec(@ForAll long seed) {
        var spec = new AnySpec(new Random(seed)).any();
        var resource = Codec.encode(spec);
        var decoded = Codec.decode(spec.type(), spec.name(), resource.any());
        if (!decoded.equals(new Decoded.Accepted(spec))) fail(difference(spec, decoded));
    }

    private static String difference(Spec spec, Decoded decoded) {
        if (!(decoded instanceof Decoded.Accepted(var other))) return decoded.toString();
        var want = spec.toString();
        var was = other.toString();
        var at = 0;
        while (at < want.length() && at < was.length() && want.charAt(at) == was.charAt(at)) at++;
        var from = Math.max(0, at - 150);
        return "wanted …" + want.substring(from, Math.min(want.length(), at + 60)) + "… was …"
                + was.substring(from, Math.min(was.length(), at + 60));
    }

    @Property(tries = 500)
    void equalSpecsHaveEqualBytes(@ForAll long seed) {
        Spec one = new AnySpec(new Random(seed)).any();
        Spec other = new AnySpec(new Random(seed)).any();
        assertEquals(Codec.encode(one), Codec.encode(other));
    }
}
