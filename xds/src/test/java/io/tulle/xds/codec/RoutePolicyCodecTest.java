package io.tulle.xds.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.policy.ClientTls;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.RoutePolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutePolicyCodecTest {
    @Test
    void everyRoutePolicyIsWrittenForProxies() {
        assertEquals(
                List.of(RoutePolicy.class.getPermittedSubclasses()),
                RoutePolicyCodec.ALL.stream().map(RoutePolicyCodec::kind).toList());
    }

    /** What is spoken to a destination is said by its cluster's security. */
    @Test
    void everyDestinationPolicyButTlsIsWrittenForProxies() {
        var written = new ArrayList<Class<?>>(DestinationPolicyCodec.ALL.stream()
                .map(DestinationPolicyCodec::kind)
                .toList());
        written.add(ClientTls.class);
        assertEquals(List.of(DestinationPolicy.class.getPermittedSubclasses()), written);
    }
}
