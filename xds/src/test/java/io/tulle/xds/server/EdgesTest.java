package io.tulle.xds.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Problem;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import io.tulle.xds.ControlIdentity;
import io.tulle.xds.Reply;
import io.tulle.xds.client.ControlAddress;
import io.tulle.xds.client.Dialer;
import io.tulle.xds.client.JoinClient;
import io.tulle.xds.client.OwnCredentials;
import io.tulle.xds.client.RegistryClient;
import io.tulle.xds.client.ServerTrust;
import io.tulle.xds.client.XdsClient;
import io.tulle.xds.join.Issued;
import io.tulle.xds.join.JoinAsk;
import io.tulle.xds.join.RenewAsk;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.Beat;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.stream.Shop;
import io.tulle.xds.stream.SnapshotCache;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both edges against each other, over loopback TLS and over the Unix socket. */
class EdgesTest {
    private static final SpiffeId CART = SpiffeId.of("tulle", "shop", "cart");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("mesh");
    private final OwnCredentials control = authority.leaf(ControlIdentity.of("tulle"), "control", HOUR);
    private final OwnCredentials cart = authority.leaf(CART, "cart-1", HOUR);
    private final SnapshotCache cache = new SnapshotCache();
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final BlockingQueue<Snapshot> heard = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private OwnCredentials shown = control;
    private final AtomicReference<TrafficReport> traffic = new AtomicReference<>(TrafficReport.NONE);
    private final BlockingQueue<TrafficReport> reports = new LinkedBlockingQueue<>();
    private Supplier<TrafficReport> reported = traffic::get;
    private XdsServer server;

    EdgesTest() {}

    @BeforeEach
    void start() throws IOException {
        server = serve(0);
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : open.reversed()) each.close();
        server.close();
        thread.shutdownNow();
    }

    @Test
    void aSidecarHearsItsSnapshotAndEachChange() throws Exception {
        cache.publish("cart-1", Shop.bundle(1, "a"));
        listen(dial(trusted(), Optional.of(cart)));
        assertTrue(hear(each -> true).ofType(ResourceType.CLUSTER).containsKey("a"));
        var newest = Shop.bundle(2, "a", "b");
        cache.publish("cart-1", newest);
        var version = newest.version();
        hear(each -> each.ofType(ResourceType.LISTENER).containsKey("b"));
        until("settled " + version);
        assertTrue(cache.status("cart-1").orElseThrow().isSettled());
    }

    @Test
    void aSidecarOutlivesItsControlPlaneAndIsSentOnlyTheChangeAfterwards() throws Exception {
        cache.publish("cart-1", Shop.bundle(1, "a"));
        listen(dial(trusted(), Optional.of(cart)));
        hear(each -> true);
        until("connected true");
        var port = server.address().getPort();
        server.close();
        until("connected false");
        cache.publish("cart-1", Shop.bundle(7, "a"));
        server = serve(port);
        var again = hear(each -> true);
        assertEquals(Shop.of(7, "a").ofType(ResourceType.ENDPOINTS), again.ofType(ResourceType.ENDPOINTS));
        until("connected true");
    }

    @Test
    void aSidecarAsksForPeersWhenItMeetsThem() throws Exception {
        cache.publish("cart-1", Shop.bundle(1, "a"));
        var client = listen(dial(trusted(), Optional.of(cart)));
        assertTrue(hear(each -> true).ofType(ResourceType.PEER).isEmpty());
        client.ask("cart-1");
        hear(each -> each.ofType(ResourceType.PEER).containsKey("cart-1"));
    }

    @Test
    void aNodeSpeaksForItselfAlone() throws Exception {
        cache.publish("cart-2", Shop.bundle(1, "a"));
        listen(dial(trusted(), Optional.of(cart)), "cart-2");
        until("refused cart-2");
        assertEquals(0, cache.status("cart-2").orElseThrow().streams());
        assertTrue(heard.isEmpty());
    }

    @Test
    void joiningNeedsNoLeafAndARefusalSaysWhy() {
        var pinned = dial(new ServerTrust.Pinned(authority.digest()), Optional.empty());
        var good = new JoinClient(pinned, Duration.ofSeconds(20)).join(ask("good"));
        assertEquals(new Reply.Granted<>(new Issued(CART.uri(), "csr", "trust", "anonymous")), good);
        var bad = new JoinClient(pinned, Duration.ofSeconds(20)).join(ask("bad"));
        var refused = assertInstanceOf(Reply.Refused.class, bad);
        assertEquals(Problem.error("TUL1501", "no such token", "make one"), refused.problem());
    }

    @Test
    void aJoinerTurnsAwayAnotherRootAnExpiredLeafAndAWorkloadThatPoses() {
        var pinned = dial(new ServerTrust.Pinned(new TestAuthority("other").digest()), Optional.empty());
        assertEquals("TUL1418", code(new JoinClient(pinned, Duration.ofSeconds(20)).join(ask("good"))));
        var right = new ServerTrust.Pinned(authority.digest());
        shown = authority.leaf(ControlIdentity.of("tulle"), "control", Duration.ofSeconds(-10));
        assertEquals(
                "TUL1418",
                code(new JoinClient(dial(right, Optional.empty()), Duration.ofSeconds(20)).join(ask("good"))));
        shown = cart;
        assertEquals(
                "TUL1418",
                code(new JoinClient(dial(right, Optional.empty()), Duration.ofSeconds(20)).join(ask("good"))));
        shown = authority.leafWithoutUse(ControlIdentity.of("tulle"), "control", HOUR);
        assertEquals(
                "TUL1418",
                code(new JoinClient(dial(right, Optional.empty()), Duration.ofSeconds(20)).join(ask("good"))),
                "no workload's certificate, by the rules that peers are judged by");
        shown = control;
        assertInstanceOf(
                Reply.Granted.class,
                new JoinClient(dial(right, Optional.empty()), Duration.ofSeconds(20)).join(ask("good")));
    }

    @Test
    void renewingNeedsALeafOfThisMeshThatIsStillValid() {
        var renew = new RenewAsk("cart-1", "csr", "1");
        var patience = Duration.ofSeconds(20);
        assertEquals("TUL1415", code(new JoinClient(dial(trusted(), Optional.empty()), patience).renew(renew)));
        var foreign = new TestAuthority("other").leaf(CART, "cart-1", HOUR);
        assertEquals("TUL1418", code(new JoinClient(dial(trusted(), Optional.of(foreign)), patience).renew(renew)));
        var expired = authority.leaf(CART, "cart-1", Duration.ofSeconds(-10));
        assertEquals("TUL1418", code(new JoinClient(dial(trusted(), Optional.of(expired)), patience).renew(renew)));
        var granted = new JoinClient(dial(trusted(), Optional.of(cart)), patience).renew(renew);
        assertEquals(new Reply.Granted<>(new Issued(CART.uri(), "csr", "trust", "cart-1")), granted);
    }

    @Test
    void overTheUnixSocketTheKernelSaysWhoJoins() {
        var local = Dialer.local(new ControlAddress.Unix(directory.resolve("x.sock")));
        open.add(local);
        var ask = new JoinAsk(Optional.empty(), "cart-1", "shop", "cart", "csr", "1");
        var granted = new JoinClient(local, Duration.ofSeconds(20)).join(ask);
        var issued = (Issued) assertInstanceOf(Reply.Granted.class, granted).value();
        assertTrue(issued.version().startsWith("uid "), issued.version());
        var tls = dial(trusted(), Optional.empty());
        assertEquals("TUL1415", code(new JoinClient(tls, Duration.ofSeconds(20)).join(ask)));
    }

    @Test
    void anInstanceIsHeldByHeartbeatsAndLeavesByItsWord() throws Exception {
        var client = register(announced("cart-1"));
        until("register cart-1");
        until("registered");
        until("heartbeat cart-1");
        client.leave();
        until("leave cart-1");
        assertFalse(said.contains("lost cart-1"));
    }

    @Test
    void theFirstHeartbeatWaitsForNoLease() throws Exception {
        register(announced("patient"));
        until("heartbeat patient");
    }

    @Test
    void aHeartbeatTellsTheEdgesThatChangedAndNoOthers() throws Exception {
        var web = counts("spiffe://tulle/ns/shop/sa/web", 3);
        var ledger = counts("spiffe://tulle/ns/shop/sa/ledger", 1);
        traffic.set(new TrafficReport(List.of(web, ledger), 2, List.of("gone-1")));
        register(announced("cart-1"));
        assertEquals(traffic.get(), report(each -> true));
        assertEquals(new TrafficReport(List.of(), 2, List.of("gone-1")), report(each -> true));
        var more = counts("spiffe://tulle/ns/shop/sa/web", 4);
        traffic.set(new TrafficReport(List.of(more, ledger), 0));
        assertEquals(
                new TrafficReport(List.of(more), 0),
                report(each -> !each.edges().isEmpty()));
    }

    private TrafficReport report(Predicate<TrafficReport> wanted) throws InterruptedException {
        for (var next = reports.poll(20, TimeUnit.SECONDS); ; next = reports.poll(20, TimeUnit.SECONDS)) {
            assertNotNull(next, "no such report");
            if (wanted.test(next)) return next;
        }
    }

    private static EdgeCounts counts(String caller, long requests) {
        var durations = new TreeMap<>(Map.of(5.0, requests - 1, Double.POSITIVE_INFINITY, 1L));
        return new EdgeCounts(
                new EdgeCounts.Edge(EdgeCounts.End.CALLED, caller, "nest-tcp", true),
                new EdgeCounts.Calls(requests, 1, 0, durations),
                7,
                6);
    }

    @Test
    void aStreamThatEndsWithoutAWordIsTold() throws Exception {
        var client = register(announced("cart-1"));
        until("registered");
        client.close();
        until("lost cart-1");
    }

    @Test
    void aLeaseThatWasOverIsTakenAgainAndAReplacedOneIsNot() throws Exception {
        register(announced("gone-once"));
        until("beat GONE");
        until("register gone-once");
        until("registered");
        register(announced("replaced"));
        until("replaced TUL1416");
    }

    @Test
    void aHeartbeatThatFailsIsNotTheLast() throws Exception {
        var failing = new AtomicInteger(2);
        reported = () -> {
            if (failing.getAndDecrement() > 0) throw new OutOfMemoryError("for a moment");
            return TrafficReport.NONE;
        };
        register(announced("cart-1"));
        until("registered");
        until("heartbeat cart-1");
        until("heartbeat cart-1");
    }

    @Test
    void anAttemptToConnectThatFailsIsNotTheLast() throws Exception {
        var failing = new AtomicInteger(3);
        var address = new ControlAddress.Tcp(() -> {
            if (failing.getAndDecrement() > 0) throw new OutOfMemoryError("for a moment");
            return server.address();
        });
        var dialer = Dialer.of(address, trusted(), () -> Optional.of(cart), Clock.systemUTC());
        open.add(dialer);
        register(announced("cart-1"), dialer);
        until("registered");
        assertTrue(failing.get() < 0);
    }

    @Test
    void theOpenPortsAreToldOnTheSameStreamAndAgainByTheNextOne() throws Exception {
        var client = register(announced("cart-1").serving(Serving.of(List.of(4000), List.of())));
        until("register cart-1 [4000]");
        until("registered");
        client.serving(Serving.of(List.of(4000), List.of(4555)));
        until("closed [4000] elsewhere [4555]");
        client.serving(Serving.ALL);
        until("closed [] elsewhere []");
        var port = server.address().getPort();
        server.close();
        client.serving(Serving.of(List.of(3000), List.of()));
        server = serve(port);
        until("register cart-1 [3000]");
    }

    @Test
    void aRefusedRegistrationSaysWhy() throws Exception {
        register(announced("refused"));
        until("refused TUL1520");
    }

    private XdsServer serve(int port) throws IOException {
        var tls = new EdgeTls() {
            @Override
            public Credentials credentials() {
                var chain = new ArrayList<>(shown.chain());
                chain.add(authority.root());
                return new Credentials(shown.key(), chain);
            }

            @Override
            public List<java.security.cert.X509Certificate> roots() {
                return List.of(authority.root());
            }
        };
        cache.listen(status -> {
            if (status.isSettled()) said.add("settled " + status.applied().orElseThrow());
        });
        var place = new XdsServer.Place(new InetSocketAddress("127.0.0.1", port), directory.resolve("x.sock"), "9.9");
        var limits = new EdgeLimits(
                1 << 20, 10, 100, Duration.ofSeconds(10), Patience.DEFAULT, io.tulle.xds.stream.Limits.DEFAULT);
        return XdsServer.start(
                place, tls, cache, new XdsServer.Handlers(this::refusal, new Desk(), this::register), limits);
    }

    private Optional<Problem> refusal(String node, Peer peer) {
        if (peer.instance().equals(Optional.of(node))) return Optional.empty();
        said.add("refused " + node);
        return Optional.of(Problem.error("TUL1530", "speaks for " + peer.instance(), ""));
    }

    private Reply<RegistryHandler.Holding> register(Announcement announcement, Peer peer) {
        assertEquals(Optional.of(CART), peer.identity());
        said.add("register " + announcement.instance().id());
        said.add("register " + announcement.instance().id() + " "
                + announcement.instance().workload().serving().closed());
        if (announcement.instance().id().equals("refused"))
            return new Reply.Refused<>(Problem.error("TUL1520", "no", "go"));
        return new Reply.Granted<>(new Holding(announcement.instance().id()));
    }

    private static final class Desk implements JoinHandler {
        @Override
        public Reply<Issued> join(JoinAsk ask, Peer peer) {
            if (ask.token().equals(Optional.of("bad"))) {
                return new Reply.Refused<>(Problem.error("TUL1501", "no such token", "make one"));
            }
            var who = peer.user().isPresent() ? "uid " + peer.user().getAsLong() : "anonymous";
            return new Reply.Granted<>(new Issued(CART.uri(), ask.csr(), "trust", who));
        }

        @Override
        public Reply<Issued> renew(RenewAsk ask, Peer peer) {
            var identity = peer.identity().orElseThrow().uri();
            return new Reply.Granted<>(
                    new Issued(identity, ask.csr(), "trust", peer.instance().orElseThrow()));
        }
    }

    private final class Holding implements RegistryHandler.Holding {
        private final String id;

        Holding(String id) {
            this.id = id;
        }

        @Override
        public Duration lease() {
            return id.equals("patient") ? HOUR : Duration.ofMillis(300);
        }

        @Override
        public Beat heartbeat(TrafficReport report) {
            said.add("heartbeat " + id);
            reports.add(report);
            var beat = id.equals("gone-once") ? Beat.GONE : id.equals("replaced") ? Beat.REPLACED : Beat.KEPT;
            said.add("beat " + beat);
            return beat;
        }

        @Override
        public void serving(Serving now) {
            said.add("closed " + now.closed() + " elsewhere " + now.elsewhere());
        }

        @Override
        public void leave() {
            said.add("leave " + id);
        }

        @Override
        public void lost() {
            said.add("lost " + id);
        }
    }

    private RegistryClient register(Announcement announcement) {
        return register(announcement, dial(trusted(), Optional.of(cart)));
    }

    private RegistryClient register(Announcement announcement, Dialer dialer) {
        var client = RegistryClient.start(
                dialer, announcement, () -> reported.get(), thread, new Random(1), new RegistryClient.Listener() {
                    @Override
                    public void registered(Duration lease, String version) {
                        said.add("registered");
                    }

                    @Override
                    public void lost(Problem why) {}

                    @Override
                    public void refused(Problem why) {
                        said.add("refused " + why.code());
                    }

                    @Override
                    public void replaced(Problem why) {
                        said.add("replaced " + why.code());
                    }
                });
        open.add(client);
        return client;
    }

    private XdsClient listen(Dialer dialer) {
        return listen(dialer, "cart-1");
    }

    private XdsClient listen(Dialer dialer, String node) {
        var who = new XdsClient.Node(node, "1", Set.of(), snapshot -> {
            heard.add(snapshot);
            return List.of();
        });
        var client = XdsClient.start(dialer, who, thread, new Random(1), up -> said.add("connected " + up));
        open.add(client);
        return client;
    }

    private Dialer dial(ServerTrust trust, Optional<OwnCredentials> own) {
        var dialer = Dialer.of(new ControlAddress.Tcp(server.address()), trust, () -> own, Clock.systemUTC());
        open.add(dialer);
        return dialer;
    }

    private ServerTrust trusted() {
        return new ServerTrust.Roots(() -> List.of(authority.root()));
    }

    private static Announcement announced(String id) {
        var cart = Workload.of(
                id,
                new ServiceName("shop", "cart"),
                "cart",
                Map.of(),
                "127.0.0.1",
                15006,
                List.of(new ServicePort(4000, Protocol.NEST_TCP), new ServicePort(3000, Protocol.HTTP)),
                List.of());
        return new Announcement(Instance.of(cart, Set.of(), Instance.Liveness.LIVE), "", "", Claimant.UNTOLD);
    }

    private static JoinAsk ask(String token) {
        return new JoinAsk(Optional.of(token), "cart-1", "shop", "cart", "csr", "1");
    }

    private static String code(Reply<Issued> reply) {
        return assertInstanceOf(Reply.Refused.class, reply).problem().code();
    }

    private Snapshot hear(Predicate<Snapshot> wanted) throws InterruptedException {
        for (var next = heard.poll(20, TimeUnit.SECONDS); ; next = heard.poll(20, TimeUnit.SECONDS)) {
            assertNotNull(next, "heard nothing");
            if (wanted.test(next)) return next;
        }
    }

    private void until(String word) throws InterruptedException {
        for (var next = said.poll(20, TimeUnit.SECONDS); ; next = said.poll(20, TimeUnit.SECONDS)) {
            assertNotNull(next, "waited in vain for: " + word);
            if (next.equals(word)) return;
        }
    }
}
