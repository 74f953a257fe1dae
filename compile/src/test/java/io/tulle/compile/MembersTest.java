package io.tulle.compile;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.ServiceName;
import io.tulle.model.world.Selector;
import io.tulle.model.world.Service;
import io.tulle.model.world.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final Workload PAYMENT = Workload.of(
            "payment-1",
            new ServiceName("shop", "payment"),
            "payment",
            Map.of("tier", "gold", "version", "v1"),
            "10.0.0.7",
            15006,
            List.of(),
            List.of());

    @Test
    void aLabelThatNoCredentialCoversMakesNobodyAMember() {
        var gold = service(Map.of("tier", "gold"));
        var claimed = PAYMENT.withUnproven(Set.of("tier", "version"));

        assertTrue(Members.has(gold, PAYMENT));
        assertFalse(Members.has(gold, claimed));
        assertTrue(Members.has(service(Map.of("app", "payment")), claimed), "its service was proven when it came");
        assertFalse(Members.has(service(Map.of("app", "payment", "version", "v1")), claimed));
        assertTrue(
                Members.has(service(Map.of("app", "payment", "version", "v1")), PAYMENT.withUnproven(Set.of("tier"))));
    }

    private static Service service(Map<String, String> selector) {
        return new Service(
                new ServiceName("shop", "catalog"),
                List.of(),
                List.of(),
                Optional.of(new Selector(new TreeMap<>(selector))));
    }
}
