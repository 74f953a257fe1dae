package io.tulle.control.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.identity.Checked;
import io.tulle.control.identity.Claims;
import io.tulle.control.identity.ManualTime;
import io.tulle.control.identity.Svid;
import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.registry.Announcement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an instance says of itself counts as far as its credential covers it. */
class ClaimsTest {
    private final Registry registry = start();

    @Test
    void aPaymentThatCallsItselfCatalogIsRefused() {
        var facts = facts("catalog", Map.of());

        assertEquals("TUL1570", code(registry.register(payment(), facts)));
        assertEquals(Map.of(), registry.fleet().instances());
    }

    @Test
    void aPaymentThatLabelsItselfAsCatalogIsRefused() {
        assertEquals("TUL1571", code(registry.register(payment(), facts("payment", Map.of("app", "catalog")))));
        assertEquals(Map.of(), registry.fleet().instances());
        assertEquals("", code(registry.register(payment(), facts("payment", Map.of("app", "payment")))));
    }

    @Test
    void aTokenMaySayWhichServicesAndLabels() {
        var claims = bound(Set.of("catalog", "ledger"), Map.of("version", "v2"));

        assertEquals("", code(registry.register(payment(claims), facts("catalog", Map.of("app", "ledger")))));
        assertEquals("", code(registry.register(payment(claims), facts("ledger", Map.of("app", "payment")))));
        assertEquals("TUL1570", code(registry.register(payment(claims), facts("payment", Map.of()))));
        assertEquals("TUL1571", code(registry.register(payment(claims), facts("ledger", Map.of("version", "v1")))));
        assertEquals("TUL1571", code(registry.register(payment(claims), facts("ledger", Map.of("app", "cart")))));
    }

    @Test
    void aLabelOfWhichTheCredentialSaysNothingProvesNothing() {
        assertTrue(registry.register(payment(), facts("payment", Map.of("app", "payment", "tier", "gold")))
                .accepted()
                .isPresent());

        assertEquals(Set.of("tier"), only().workload().unproven());
        assertEquals(Map.of("app", "payment"), only().workload().proven());
        assertEquals(Map.of("app", "payment", "tier", "gold"), only().workload().selectable());
    }

    @Test
    void theLocalUserMaySayAnything() {
        var facts = facts("catalog", Map.of("app", "web", "tier", "gold"));

        assertEquals("", code(registry.register(payment(Claims.ANY), facts)));
        assertEquals(Set.of(), only().workload().unproven());
    }

    private Instance only() {
        return registry.fleet().instances().values().iterator().next();
    }

    private static Claims bound(Set<String> services, Map<String, String> labels) {
        return new Claims.Bound(new TreeSet<>(services), new TreeMap<>(labels));
    }

    private static Svid payment(Claims claims) {
        return new Svid(payment().id(), payment().instance(), payment().notAfter(), claims);
    }

    private static Svid payment() {
        return Announced.peer("tulle", "shop", "payment", "payment-1");
    }

    private static Announcement facts(String service, Map<String, String> labels) {
        return new Announcement(
                Instance.of(
                        Workload.of(
                                "payment-1",
                                new ServiceName("shop", service),
                                "payment",
                                labels,
                                "127.0.0.1",
                                31000,
                                List.of(new ServicePort(3000, Protocol.HTTP)),
                                List.of()),
                        Set.of(),
                        Instance.Liveness.LIVE),
                "0.1.0",
                "",
                Claimant.UNTOLD);
    }

    private static String code(Checked<Lease> outcome) {
        return outcome.refusal().map(Problem::code).orElse("");
    }

    private static Registry start() {
        var time = new ManualTime();
        return Registry.start(
                new RegistrySettings("tulle", Duration.ofSeconds(10), 100), new MemoryLeases(), time, time);
    }
}
