package io.tulle.xds.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.policy.RoutePolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutePolicyCodecTest {
    @Test
    void everyRoutePolicyIsWrittenForProxies() {
        assertEquals(
                List.of(RoutePolicy.class.getPermittedSubclasses()),
                RoutePolicyCodec.ALL.stream().map(RoutePolicyCodec::kind).toList());
    }
}
