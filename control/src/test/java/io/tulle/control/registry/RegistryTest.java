package io.tulle.control.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.control.identity.Checked;
import io.tulle.control.identity.ManualTime;
import io.tulle.control.identity.Svid;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import io.tulle.xds.registry.Announcement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Duration TTL = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final MemoryLeases store = new MemoryLeases();
    private Registry registry = start();

    @Test
    void announcesAnInstanceToWhoListens() {
        var heard = new ArrayList<Fleet>();
        registry.listen(heard::add);

        join("cart-1");
        join("cart-2");

        assertEquals(List.of(0L, 1L, 2L), heard.stream().map(Fleet::version).toList());
        assertEquals("{cart-1=LIVE, cart-2=LIVE}", seen());
        assertEquals(registry.fleet(), heard.getLast());
    }

    @Test
    void heartbeatsChangeNothingForPeersAndWriteNothing() {
        var lease = join("cart-1");
        var writes = store.writes();

        beat(Duration.ofMinutes(5), lease);

        assertEquals(1, registry.version());
        assertEquals(writes, store.writes());
        assertEquals("{cart-1=LIVE}", seen());
    }

    @Test
    void aLostStreamMakesSuspectAtOnceAndWithdrawsWhenTheLeaseIsOver() {
        var one = join("cart-1");
        var two = join("cart-2");

        assertTrue(registry.lost(one));
        assertEquals("{cart-1=SUSPECT, cart-2=LIVE}", seen());

        beat(Duration.ofSeconds(9), two);
        assertEquals("{cart-1=SUSPECT, cart-2=LIVE}", seen());
        beat(Duration.ofSeconds(1), two);
        assertEquals("{cart-2=LIVE}", seen());
        assertEquals(Beat.GONE, registry.heartbeat(one));
    }

    @Test
    void aSilentInstanceIsWithdrawnThoughItsStreamLooksOpen() {
        join("cart-1");
        var two = join("cart-2");

        beat(TTL, two);

        assertEquals("{cart-2=LIVE}", seen());
    }

    @Test
    void aSuspectThatComesBackIsLive() {
        var lease = join("cart-1");
        registry.lost(lease);

        join("cart-1");

        assertEquals("{cart-1=LIVE}", seen());
        registry.lost(lease); // late news of the old stream
        assertEquals("{cart-1=LIVE}", seen());
    }

    @Test
    void aLeaveWithdrawsAtOnce() {
        var lease = join("cart-1");

        assertTrue(registry.leave(lease));

        assertEquals("{}", seen());
        assertTrue(store.all().isEmpty());
        assertFalse(registry.leave(lease));
    }

    @Test
    void theLastOfItsServiceStaysDegradedForTenMinutes() {
        join("cart-1");
        var catalog = join("catalog-1", "catalog");

        beat(Duration.ofMinutes(9), catalog);
        assertEquals("{cart-1=SUSPECT, catalog-1=LIVE}", seen());

        beat(Duration.ofMinutes(1), catalog);
        assertEquals("{catalog-1=LIVE}", seen());
    }

    @Test
    void theLastOfItsServiceGoesWhenAnotherOfItsHostIsHeard() {
        join("cart-1", "cart", "host-a");
        join("web-1", "web", "host-b");
        var catalog = join("catalog-1", "catalog", "host-a");

        beat(TTL, catalog);

        assertEquals("{catalog-1=LIVE, web-1=SUSPECT}", seen(), "of the other host nobody is heard");
    }

    @Test
    void onTheControlPlanesOwnHostABrokenStreamIsAProcessThatEnded() {
        registry = Registry.start(RegistrySettings.of("tulle").on("host-a"), store, time, time);
        registry.lost(join("cart-1", "cart", "host-a"));
        registry.lost(join("web-1", "web", "host-b"));
        join("silent-1", "silent", "host-a");

        time.pass(TTL);

        assertEquals("{silent-1=SUSPECT, web-1=SUSPECT}", seen());
    }

    @Test
    void aServiceWhoseLastInstanceWentIsRememberedForADay() {
        var lease = join("cart-1");
        join("catalog-1", "catalog");
        registry.leave(lease);

        var cart = new io.tulle.model.ServiceName("shop", "cart");
        assertEquals(Set.of(cart), registry.fleet().departed().keySet());
        assertEquals(3, registry.fleet().departed().get(cart).size());

        registry.leave(join("cart-2"));
        join("cart-3");
        assertEquals(Set.of(), registry.fleet().departed().keySet());

        registry.leave(join("cart-3"));
        time.pass(Duration.ofHours(23));
        assertEquals(Set.of(cart), registry.fleet().departed().keySet());
        time.pass(Duration.ofHours(2));
        assertEquals(Set.of(), registry.fleet().departed().keySet());
    }

    @Test
    void aServiceThatIsGoneIsRememberedOverARestart() {
        var cart = new io.tulle.model.ServiceName("shop", "cart");
        registry.leave(join("cart-1"));
        registry.leave(join("web-1", "web"));
        time.jump(Duration.ofHours(2));

        registry = start();
        assertEquals(2, registry.fleet().departed().size());
        assertEquals(3, registry.fleet().departed().get(cart).size());
        join("web-2", "web");
        registry = start();
        assertEquals(Set.of(cart), registry.fleet().departed().keySet(), "the other is back");

        var thief = Announced.of("cart-2", "cart");
        assertEquals("", code(registry.register(Announced.peer(thief), thief)), "it gives nobody a right to the name");
        registry.leave(
                registry.register(Announced.peer(thief), thief).accepted().orElseThrow());
        time.jump(Duration.ofHours(25));
        assertEquals(Set.of(), start().fleet().departed().keySet(), "a day has passed");
    }

    @Test
    void aPeersRefusedConnectionEndsTheOnlyInstanceOfAServiceAfterItsLease() {
        join("cart-1", "cart", "host-a");
        var web = join("web-1", "web", "host-b");
        beat(Duration.ofSeconds(7), web);

        assertFalse(registry.unreachable("cart-1"), "its lease is not over");
        beat(Duration.ofSeconds(2), web);
        assertEquals("{cart-1=LIVE, web-1=LIVE}", seen());
        beat(Duration.ofSeconds(2), web);

        assertEquals("{web-1=LIVE}", seen());
    }

    @Test
    void aRefusedConnectionFromBeforeARestartInPlaceProvesNothing() {
        join("cart-1", "cart", "host-a");
        var web = join("web-1", "web", "host-b");
        registry.unreachable("cart-1");
        var again = join("cart-1", "cart", "host-a");
        beat(Duration.ofSeconds(9), web, again);
        assertFalse(registry.unreachable("unknown"));

        beat(Duration.ofSeconds(11), web);

        assertEquals("{cart-1=SUSPECT, web-1=LIVE}", seen());
    }

    @Test
    void servicesThatAreGoneAreRememberedWithinBounds() {
        for (var i = 0; i < 1_100; i++) {
            registry.leave(join("x-" + i, "x-" + i));
            time.pass(Duration.ofMillis(10));
        }
        var departed = registry.fleet().departed();
        assertEquals(1_000, departed.size());
        assertTrue(departed.containsKey(new io.tulle.model.ServiceName("shop", "x-1099")), "the youngest stay");
    }

    @Test
    void whatIsNotHeardCanBeForgotten() {
        var lease = join("cart-1");
        assertEquals(Registry.Forgetting.IS_THERE, registry.forget("cart-1"));
        registry.lost(lease);
        assertEquals(Registry.Forgetting.FORGOTTEN, registry.forget("cart-1"));
        assertEquals("{}", seen());
        assertEquals("{}", seenBy(start()));
        assertFalse(registry.fleet().departed().isEmpty());
        assertEquals(Registry.Forgetting.FORGOTTEN, registry.forget("cart"));
        assertTrue(registry.fleet().departed().isEmpty());
        assertEquals(Registry.Forgetting.UNKNOWN, registry.forget("cart"));
    }

    @Test
    void aSlowDiskKeepsNoHeartbeatOut() throws Exception {
        var one = join("cart-1");
        var two = join("cart-2");
        store.slow(true);
        var third = Announced.cart("cart-3");
        var waiting = Thread.ofPlatform().start(() -> registry.register(Announced.peer(third), third));
        store.awaitWriter();

        var beating = Thread.ofPlatform().start(() -> beat(TTL.multipliedBy(2), one, two));
        assertTrue(beating.join(Duration.ofSeconds(20)), "a heartbeat waits for the disk");
        assertEquals(Beat.KEPT, registry.heartbeat(one));
        assertEquals("{cart-1=LIVE, cart-2=LIVE}", seen());

        store.slow(false);
        waiting.join();
        assertEquals("{cart-1=LIVE, cart-2=LIVE, cart-3=LIVE}", seen());
    }

    @Test
    void whatLingersGoesWhenSomethingBetterComes() {
        join("cart-1");
        time.pass(Duration.ofMinutes(10));

        var two = join("cart-2");
        beat(Duration.ofSeconds(4), two);
        assertEquals("{cart-1=SUSPECT, cart-2=LIVE}", seen(), "it could be coming back, too");
        beat(Duration.ofSeconds(2), two);

        assertEquals("{cart-2=LIVE}", seen());
    }

    @Test
    void whatLingersGoesWhenPeersCannotConnectToIt() {
        join("cart-1");
        assertFalse(registry.unreachable("cart-1"), "its lease is alive, and a peer's word is not enough");

        time.pass(TTL);

        assertTrue(registry.unreachable("cart-1"));
        assertEquals("{}", seen());
    }

    @Test
    void theOnlyInstanceThereIsGoesAfterItsLeaseWhenItsGuardianSaysThatItWasKilled() {
        joinAs("run-1");

        assertFalse(registry.ended("cart-1", "run-1"), "its lease is not over");
        assertEquals("{cart-1=LIVE}", seen());
        time.pass(TTL);

        assertEquals("{}", seen());
    }

    @Test
    void whoDoesNotKnowTheRunSaysNothingOfIt() {
        joinAs("run-1");
        for (var guess : List.of("", "run-2")) assertFalse(registry.ended("cart-1", guess));
        assertFalse(registry.ended("cart-2", "run-1"));

        time.pass(TTL.multipliedBy(2));

        assertEquals("{cart-1=SUSPECT}", seen());
        assertTrue(registry.ended("cart-1", "run-1"), "at once, since it only lingers");
        assertEquals("{}", seen());
    }

    @Test
    void whatIsHeardAfterItsGuardianSpokeIsThere() {
        var lease = joinAs("run-1");
        registry.ended("cart-1", "run-1");
        registry.heartbeat(lease);

        time.pass(TTL);

        assertEquals("{cart-1=SUSPECT}", seen());
    }

    @Test
    void whatLingersComesBackByItsHeartbeat() {
        var lease = join("cart-1");
        time.pass(Duration.ofMinutes(1));
        assertEquals("{cart-1=SUSPECT}", seen());

        assertEquals(Beat.KEPT, registry.heartbeat(lease));

        assertEquals("{cart-1=LIVE}", seen());
        assertEquals("{cart-1=LIVE}", seenBy(start()));
    }

    @Test
    void aCutTakesNothingAway() {
        var leases = joinAtDifferentTimes();

        time.pass(Duration.ofMinutes(10)); // silence from everybody, streams look open
        assertEquals("{cart-1=SUSPECT, cart-2=SUSPECT, cart-3=SUSPECT}", seen());

        for (var lease : leases) {
            assertEquals(Beat.KEPT, registry.heartbeat(lease));
            time.pass(Duration.ofMillis(900)); // they come back one by one within 2 s
        }
        assertEquals("{cart-1=LIVE, cart-2=LIVE, cart-3=LIVE}", seen());
    }

    @Test
    void aCutOfJustUnderALeaseTakesNothingAwayAsItHeals() {
        var leases = joinAtDifferentTimes();
        time.pass(Duration.ofMillis(9900 - 1100)); // the last one's lease has a second left, the first one's none
        for (int i = leases.size() - 1; i >= 0; i--) {
            time.pass(Duration.ofMillis(900));
            assertEquals(Beat.KEPT, registry.heartbeat(leases.get(i)));
        }

        assertEquals("{cart-1=LIVE, cart-2=LIVE, cart-3=LIVE}", seen());
    }

    @Test
    void aCutWhoseStreamsBreakTakesNothingAway() {
        for (var lease : joinAtDifferentTimes()) registry.lost(lease);

        time.pass(Duration.ofMinutes(10));

        assertEquals("{cart-1=SUSPECT, cart-2=SUSPECT, cart-3=SUSPECT}", seen());
    }

    @Test
    void withdrawsNothingAfterItsOwnSleep() {
        join("cart-1");
        var two = join("cart-2");

        time.jump(Duration.ofSeconds(30)); // SIGSTOP, and CONT
        registry.heartbeat(two);
        beat(Duration.ofSeconds(9), two);
        assertEquals("{cart-1=LIVE, cart-2=LIVE}", seen());

        beat(Duration.ofSeconds(1), two);
        assertEquals("{cart-2=LIVE}", seen());
    }

    @Test
    void survivesAClockThatGoesBack() {
        join("cart-1");
        var two = join("cart-2");

        time.jump(Duration.ofHours(-2));
        beat(TTL, two);

        assertEquals("{cart-2=LIVE}", seen(), "a lease is not two hours longer");
    }

    @Test
    void aRestartWithdrawsNothingForThreeLeases() {
        join("cart-1");
        join("cart-2");
        join("catalog-1", "catalog");
        time.jump(Duration.ofHours(1));

        registry = start();
        assertEquals("{cart-1=LIVE, cart-2=LIVE, catalog-1=LIVE}", seen(), "peers hear no change");
        assertEquals(1, registry.version());
        assertTrue(registry.isRecovering());

        var one = join("cart-1");
        beat(TTL.multipliedBy(3).minusSeconds(1), one);
        assertEquals("{cart-1=LIVE, cart-2=LIVE, catalog-1=LIVE}", seen());
        assertTrue(registry.isRecovering());

        beat(Duration.ofSeconds(1), one);
        assertFalse(registry.isRecovering());
        assertEquals("{cart-1=LIVE, catalog-1=SUSPECT}", seen());
    }

    @Test
    void aRestartIsOverWhenEveryKnownInstanceIsBack() {
        join("cart-1");
        join("cart-2");
        var writes = store.writes();
        registry = start();

        join("cart-1");
        assertTrue(registry.isRecovering());
        join("cart-2");

        assertFalse(registry.isRecovering());
        assertEquals(1, registry.version(), "they are as they were");
        assertEquals(writes, store.writes());
    }

    @Test
    void aLeaveDuringRecoveryIsImmediate() {
        join("cart-1");
        join("cart-2");
        registry = start();

        registry.leave(join("cart-1"));

        assertEquals("{cart-2=LIVE}", seen());
    }

    @Test
    void whatLingeredBeforeARestartLingersAfterIt() {
        join("cart-1");
        time.pass(TTL);

        registry = start();

        assertEquals("{cart-1=SUSPECT}", seen());
    }

    @Test
    void anotherIdentityCannotTakeAnIdThatIsKnown() {
        var cart = join("cart-1");
        var thief = Announced.of("cart-1", "thief");

        assertEquals("TUL1556", code(registry.register(Announced.peer(thief), thief)));
        registry.lost(cart);
        assertEquals("TUL1556", code(registry.register(Announced.peer(thief), thief)));
        time.pass(Duration.ofHours(1));
        assertEquals("TUL1556", code(registry.register(Announced.peer(thief), thief)), "not while it lingers, either");
        assertEquals(Optional.of(SpiffeId.of("tulle", "shop", "cart")), registry.holderOf("cart-1"));

        registry.unreachable("cart-1");
        assertEquals("", code(registry.register(Announced.peer(thief), thief)));
    }

    @Test
    void anotherRunOfTheSameNameIsRefusedWhileTheFirstIsHeard() {
        var first = Announced.by(new Claimant("run-1", false), Announced.cart("cart-1"));
        var second = Announced.by(new Claimant("run-2", false), Announced.cart("cart-1"));
        var lease = registry.register(Announced.peer(first), first).accepted().orElseThrow();

        var refused = registry.register(Announced.peer(second), second);

        assertEquals("TUL1564", code(refused));
        assertTrue(refused.refusal().orElseThrow().message().contains("127.0.0.1 port 31000"), "it says where");
        assertEquals(Beat.KEPT, registry.heartbeat(lease));
        assertEquals("", code(registry.register(Announced.peer(first), first)), "it may come back itself");
        var on = Announced.by(new Claimant("run-2", true), Announced.cart("cart-1"));
        assertEquals("", code(registry.register(Announced.peer(on), on)), "on purpose");
        assertEquals(Beat.REPLACED, registry.heartbeat(lease));
        assertEquals("TUL1564", code(registry.register(Announced.peer(first), first)), "the first has lost it");
    }

    @Test
    void anotherRunTakesTheNameOfOneWhoseStreamBroke() {
        var first = Announced.by(new Claimant("run-1", false), Announced.cart("cart-1"));
        var second = Announced.by(new Claimant("run-2", false), Announced.cart("cart-1"));
        registry.lost(registry.register(Announced.peer(first), first).accepted().orElseThrow());

        assertEquals(
                "",
                code(registry.register(Announced.peer(second), second)),
                "a process that was killed and started again");
    }

    @Test
    void theSameIdentityTakesItsIdOver() {
        var older = join("cart-1");
        var newer = join("cart-1");

        assertEquals(Beat.REPLACED, registry.heartbeat(older));
        assertFalse(registry.leave(older));
        assertFalse(registry.lost(older));
        assertEquals(Beat.KEPT, registry.heartbeat(newer));
        assertEquals("{cart-1=LIVE}", seen());
    }

    @Test
    void announcesAsNobodyElse() {
        var facts = Announced.cart("cart-1");
        var others = Map.of(
                "another account", Announced.peer("tulle", "shop", "catalog", "cart-1"),
                "another namespace", Announced.peer("tulle", "bank", "cart", "cart-1"),
                "another trust domain", Announced.peer("elsewhere", "shop", "cart", "cart-1"),
                "another instance", Announced.peer("tulle", "shop", "cart", "cart-2"),
                "no instance", new Svid(SpiffeId.of("tulle", "shop", "cart"), Optional.empty(), time.instant()),
                "no account", new Svid(new SpiffeId("tulle", "/other/path"), Optional.of("cart-1"), time.instant()));

        others.forEach((name, peer) -> assertEquals("TUL1555", code(registry.register(peer, facts)), name));
        var refusal = registry.register(others.get("another account"), facts)
                .refusal()
                .orElseThrow();
        assertEquals(
                "cart-1 announced itself as account cart of namespace shop;"
                        + " its certificate is spiffe://tulle/ns/shop/sa/catalog, instance cart-1",
                refusal.message());
        assertEquals("join as it says: --namespace shop --account catalog", refusal.fix());

        assertEquals("{}", seen());
        join("cart-1");
    }

    @Test
    void refusesOnesTooManyAndKeepsThoseItHas() {
        registry = Registry.start(new RegistrySettings("tulle", TTL, 2), store, time, time);
        join("cart-1");
        join("cart-2");
        var third = Announced.cart("cart-3");

        assertEquals("TUL1557", code(registry.register(Announced.peer(third), third)));
        join("cart-2");
    }

    @Test
    void livesOnWhileItsDiskIsFull() {
        var lease = join("cart-1");
        var two = join("cart-2");
        store.full(true);

        var third = Announced.cart("cart-3");
        assertEquals("TUL1558", code(registry.register(Announced.peer(third), third)));
        assertEquals(Beat.KEPT, registry.heartbeat(lease));
        join("cart-1"); // unchanged: needs no write
        registry.leave(two);
        assertEquals("{cart-1=LIVE}", seen());

        store.full(false);
        join("cart-3");
    }

    @Test
    void whichPortsAreOpenIsToldToPeersAndKnownAfterARestart() {
        var lease = join("cart-1");
        var port = registry.fleet()
                .instances()
                .get("cart-1")
                .workload()
                .ports()
                .getFirst()
                .port();
        var version = registry.version();

        assertTrue(registry.serving(lease, Serving.of(List.of(port, 1), List.of(4555, port, 0))));

        assertEquals(version + 1, registry.version());
        var expected = Serving.of(List.of(port), List.of(4555));
        assertEquals(
                expected, registry.fleet().instances().get("cart-1").workload().serving(), "only what can be");
        assertEquals(
                expected, start().fleet().instances().get("cart-1").workload().serving());
        registry.serving(lease, Serving.ALL);
        assertEquals(
                Serving.ALL,
                registry.fleet().instances().get("cart-1").workload().serving());
        join("cart-1");
        assertFalse(registry.serving(lease, expected), "an older registration does not speak any more");
    }

    @Test
    void changedFactsAreANewVersion() {
        join("cart-1");
        var moved = new Announcement(
                Instance.of(
                        Workload.of(
                                "cart-1",
                                new ServiceName("shop", "cart"),
                                "cart",
                                Map.of(),
                                "127.0.0.2",
                                32000,
                                List.of(),
                                List.of()),
                        Set.of(),
                        Instance.Liveness.LIVE),
                "0.2.0",
                "",
                Claimant.UNTOLD);

        registry.register(Announced.peer(moved), moved);

        assertEquals(2, registry.version());
        assertEquals(
                32000, registry.fleet().instances().get("cart-1").workload().meshPort());
        assertEquals("127.0.0.2", store.all().getFirst().instance().workload().address());
        assertEquals("0.2.0", registry.tenancies().getFirst().software());
    }

    @Test
    void aListenerThatFailsHarmsNobody() {
        var heard = new ArrayList<Long>();
        registry.listen(fleet -> {
            if (fleet.version() > 0) throw new IllegalStateException("boom");
        });
        registry.listen(fleet -> heard.add(fleet.version()));

        join("cart-1");

        assertEquals(List.of(0L, 1L), heard);
    }

    @Test
    void watchesNoMoreOnceClosed() {
        var lease = join("cart-1");
        join("cart-2");

        registry.close();
        beat(Duration.ofMinutes(1), lease);

        assertEquals("{cart-1=LIVE, cart-2=LIVE}", seen());
    }

    /** Three of one service whose heartbeats fall at different moments. */
    private List<Lease> joinAtDifferentTimes() {
        var leases = new ArrayList<Lease>();
        for (var id : List.of("cart-1", "cart-2", "cart-3")) {
            leases.add(join(id));
            time.pass(Duration.ofMillis(1100));
        }
        return leases;
    }

    private Registry start() {
        return Registry.start(RegistrySettings.of("tulle"), store, time, time);
    }

    private Lease join(String instance) {
        return join(instance, "cart");
    }

    private Lease join(String instance, String service) {
        var facts = Announced.of(instance, service);
        return registry.register(Announced.peer(facts), facts).accepted().orElseThrow();
    }

    private Lease join(String instance, String service, String host) {
        var facts = Announced.on(host, Announced.of(instance, service));
        return registry.register(Announced.peer(facts), facts).accepted().orElseThrow();
    }

    private Lease joinAs(String run) {
        var said = Announced.by(new Claimant(run, false), Announced.cart("cart-1"));
        return registry.register(Announced.peer(said), said).accepted().orElseThrow();
    }

    /** Lets time pass while these are heard every second. */
    private void beat(Duration duration, Lease... leases) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            for (var lease : leases) registry.heartbeat(lease);
            time.pass(Duration.ofSeconds(1));
        }
    }

    private String seen() {
        return seenBy(registry);
    }

    private static String seenBy(Registry registry) {
        var seen = new TreeMap<String, String>();
        registry.fleet()
                .instances()
                .forEach((id, instance) -> seen.put(id, instance.liveness().name()));
        return seen.toString();
    }

    private static String code(Checked<?> outcome) {
        return outcome.refusal().map(p -> p.code()).orElse("");
    }
}
