package io.tulle.compile;

import static io.tulle.compile.MeshBuilder.backend;
import static io.tulle.compile.MeshBuilder.rule;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Protocol;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.PeerTls;
import io.tulle.model.world.AccessPolicy;
import io.tulle.model.world.External;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.PeerPolicy;
import io.tulle.model.world.ResourceRef;
import io.tulle.model.world.Routing.Precedence;
import io.tulle.model.world.Selector;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Snapshot;
import io.tulle.xds.spec.WireSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MeshCompilerTest {
    private static final String CATALOG = "outbound|3000||catalog.shop.tulle";

    private static MeshBuilder shop() {
        return new MeshBuilder()
                .instance("web-1", "web", 3000, Protocol.HTTP, Map.of())
                .instance("catalog-1", "catalog", 3000, Protocol.HTTP, Map.of("version", "v1"))
                .instance("catalog-2", "catalog", 3000, Protocol.HTTP, Map.of("version", "v2"))
                .instance("cart-1", "cart", 4000, Protocol.NEST_TCP, Map.of());
    }

    private static Snapshot web(MeshBuilder mesh) {
        return mesh.compiler().snapshotFor(mesh.find("web-1"));
    }

    @Test
    void everyServiceIsReachableByTheNamesThatApplicationsWrite() {
        var listener = (ListenerSpec) web(shop()).ofType(ResourceType.LISTENER).get("catalog.shop.tulle:3000");

        var place = assertInstanceOf(ListenerSpec.Place.Outbound.class, listener.place());
        assertEquals(3000, place.port());
        assertTrue(place.hosts()
                .containsAll(
                        List.of("catalog", "catalog.shop", "catalog.shop.svc.cluster.local", "catalog.shop.tulle")));
    }

    @Test
    void whatTheDeniedAreToldIsTheMeshSetting() {
        var frank = shop().with(new MeshSettings("tulle", Optional.empty(), true));
        assertFalse(inbound(web(shop())).tellsPolicies());
        assertTrue(inbound(web(frank)).tellsPolicies());
    }

    @Test
    void policiesOfTheRootNamespaceGuardEveryNamespaceWhicheverItIs() {
        var policy = new AccessPolicy(
                new ResourceRef("AuthorizationPolicy", "istio-system", "shut"),
                Selector.ALL,
                new Authorization("istio-system/shut", Authorization.Action.DENY, List.of()));
        var rooted = shop().with(policy).with(MeshSettings.DEFAULT.withRoot("istio-system"));

        assertEquals(List.of("istio-system/shut"), guards(web(rooted)));
        assertEquals(List.of(), guards(web(shop().with(policy))));
    }

    private static List<String> guards(Snapshot snapshot) {
        var wire = assertInstanceOf(
                WireSpec.Http.class, inbound(snapshot).chains().getFirst().wire());
        return wire.authorizations().stream().map(Authorization::name).toList();
    }

    private static ListenerSpec inbound(Snapshot snapshot) {
        return (ListenerSpec) snapshot.ofType(ResourceType.LISTENER).get(Names.INBOUND);
    }

    @Test
    void aShortNameIsOnlyForTheNamespaceOfTheService() {
        var mesh = shop();
        var stranger = Instance.of(
                Workload.of(
                        "job-1",
                        new io.tulle.model.ServiceName("batch", "job"),
                        "job",
                        Map.of(),
                        "127.0.0.1",
                        1,
                        List.of(),
                        List.of()),
                java.util.Set.of(),
                Instance.Liveness.LIVE);
        var all = new ArrayList<>(mesh.fleet().instances().values());
        all.add(stranger);

        var snapshot =
                MeshCompiler.of(mesh.world(), Fleet.of(2, all), List.of()).snapshotFor(stranger);

        var listener = (ListenerSpec) snapshot.ofType(ResourceType.LISTENER).get("cart.shop.tulle:4000");
        var place = assertInstanceOf(ListenerSpec.Place.Outbound.class, listener.place());
        assertFalse(place.hosts().contains("cart"));
        assertTrue(place.hosts().contains("cart.shop"));
        assertInstanceOf(WireSpec.Tcp.class, listener.chains().getFirst().wire(), "it cannot read Nest TCP");
    }

    @Test
    void aPortThatIsNotListenedOnGetsNothingNew() {
        var mesh = shop();
        var all = mesh.fleet().instances().values().stream()
                .map(each -> each.service().name().equals("cart")
                        ? each.serving(io.tulle.model.world.Serving.nothing(
                                each.workload().ports()))
                        : each)
                .toList();
        var web = mesh.fleet().instances().values().stream()
                .filter(each -> each.service().name().equals("web"))
                .findFirst()
                .orElseThrow();

        var snapshot =
                MeshCompiler.of(mesh.world(), Fleet.of(2, all), List.of()).snapshotFor(web);

        var endpoints = (EndpointsSpec) snapshot.ofType(ResourceType.ENDPOINTS).get("outbound|4000||cart.shop.tulle");
        assertFalse(endpoints.endpoints().isEmpty());
        endpoints.endpoints().forEach(each -> assertEquals(EndpointSpec.Health.DRAINING, each.health()));
    }

    @Test
    void clientsSpeakMutualTlsAndExpectExactlyTheServicesIdentity() {
        var cluster = (ClusterSpec) web(shop()).ofType(ResourceType.CLUSTER).get("outbound|4000||cart.shop.tulle");

        var tls = assertInstanceOf(ClusterSpec.Security.MutualTls.class, cluster.security());
        assertEquals("4000.cart.shop.tulle", tls.serverName());
        assertEquals("[spiffe://tulle/ns/shop/sa/cart]", tls.identities().toString());
    }

    @Test
    void aServiceLeadsToThePortThatItsInstancesServe() {
        var mesh = shop().declared(
                        "catalog", Map.of("app", "catalog"), new ServicePort(80, Protocol.HTTP, OptionalInt.of(3000)))
                .declared("named", Map.of("app", "catalog"), new ServicePort(8080, Protocol.HTTP, OptionalInt.empty()))
                .declared(
                        "astray", Map.of("app", "catalog"), new ServicePort(3000, Protocol.HTTP, OptionalInt.of(4000)));

        var snapshot = web(mesh);

        assertEquals(List.of("catalog-1", "catalog-2"), instances(snapshot, "outbound|80||catalog.shop.tulle"));
        assertEquals(List.of("catalog-1", "catalog-2"), instances(snapshot, "outbound|8080||named.shop.tulle"));
        assertEquals(List.of(), instances(snapshot, "outbound|3000||astray.shop.tulle"));
        var chains =
                inbound(mesh.compiler().snapshotFor(mesh.find("catalog-1"))).chains();
        assertEquals(
                List.of("3000.catalog.shop.tulle", "80.catalog.shop.tulle", "8080.named.shop.tulle"),
                chains.getFirst().serverNames());
        assertEquals(3000, chains.getFirst().port());
    }

    @Test
    void aServicesProtocolHoldsAtTheInstancesThatItSelects() {
        var mesh = new MeshBuilder()
                .instance("raw-1", "raw", 3000, Protocol.UNDECLARED, Map.of())
                .declared("cooked", Map.of("app", "raw"), new ServicePort(80, Protocol.GRPC, OptionalInt.of(3000)));

        var chain = inbound(mesh.compiler().snapshotFor(mesh.find("raw-1")))
                .chains()
                .getFirst();

        assertInstanceOf(WireSpec.Http.class, chain.wire());
    }

    @Test
    void anExternalNameIsReachedByTheNamesOfAService() {
        var snapshot = web(shop().with(new External(
                new ResourceRef("Service", "shop", "ledger"),
                List.of("ledger.shop.tulle"),
                List.of(),
                List.of(new External.Port(5432, Protocol.TCP, 6432)),
                new External.Resolution.Dns(Optional.of("ledger.example.com")))));

        var listener = (ListenerSpec) snapshot.ofType(ResourceType.LISTENER).get("ledger.shop.tulle:5432");
        var place = assertInstanceOf(ListenerSpec.Place.Outbound.class, listener.place());
        assertTrue(place.hosts().containsAll(List.of("ledger", "ledger.shop.svc.cluster.local")));
        var cluster = (ClusterSpec) snapshot.ofType(ResourceType.CLUSTER).get("outbound|5432||ledger.shop.tulle");
        assertEquals(new ClusterSpec.Source.Resolved("ledger.example.com", 6432), cluster.source());
    }

    @Test
    void aVirtualServiceSplitsBetweenSubsets() {
        var mesh = shop().subsets(
                        "catalog.shop.tulle", Map.of("v1", Map.of("version", "v1"), "v2", Map.of("version", "v2")))
                .routing(
                        Precedence.WRITTEN,
                        "catalog",
                        "catalog.shop.tulle",
                        List.of(rule(
                                "0",
                                List.of(),
                                backend("catalog.shop.tulle", "v1", 90),
                                backend("catalog.shop.tulle", "v2", 10))));

        var snapshot = web(mesh);

        var routes = (RouteTableSpec) snapshot.ofType(ResourceType.ROUTES).get(CATALOG);
        var forward = assertInstanceOf(
                ActionSpec.Forward.class, routes.routes().getFirst().action());
        assertEquals(
                List.of("outbound|3000|v1|catalog.shop.tulle 90", "outbound|3000|v2|catalog.shop.tulle 10"),
                forward.targets().stream()
                        .map(t -> t.cluster() + " " + t.weight())
                        .toList());
        assertEquals(List.of("catalog-2"), instances(snapshot, "outbound|3000|v2|catalog.shop.tulle"));
        assertEquals(List.of("catalog-1", "catalog-2"), instances(snapshot, CATALOG));
    }

    @Test
    void aBackendThatDoesNotExistFailsItsShareAndNoOther() {
        var mesh = shop().routing(
                        Precedence.WRITTEN,
                        "catalog",
                        "catalog.shop.tulle",
                        List.of(
                                rule(
                                        "mixed",
                                        List.of(RequestMatch.ofPath(new PathMatch.Exact("/a"))),
                                        backend("catalog.shop.tulle", "", 1),
                                        backend("catalog.shop.tulle", "v9", 1)),
                                rule("none", List.of(), backend("nobody.shop.tulle", "", 1))));

        var routes = (RouteTableSpec) web(mesh).ofType(ResourceType.ROUTES).get(CATALOG);

        var mixed = (ActionSpec.Forward) routes.routes().get(0).action();
        assertEquals(
                List.of(CATALOG, "nowhere"),
                mixed.targets().stream().map(ActionSpec.Target::cluster).toList());
        var none = assertInstanceOf(
                ActionSpec.Respond.class, routes.routes().get(1).action());
        assertEquals(503, none.status()); // Istio's, for a cluster that is not there
        assertTrue(none.reason().contains("nobody.shop.tulle"));
    }

    @Test
    void anHttpRouteWithoutABackendThatExistsAnswers500() {
        var mesh = shop().routing(
                        Precedence.SPECIFICITY,
                        "catalog",
                        "catalog.shop.tulle",
                        List.of(rule("none", List.of(), backend("nobody.shop.tulle", "", 1))));

        var routes = (RouteTableSpec) web(mesh).ofType(ResourceType.ROUTES).get(CATALOG);

        var none = assertInstanceOf(
                ActionSpec.Respond.class, routes.routes().getFirst().action());
        assertEquals(500, none.status());
    }

    @Test
    void connectionsToASubsetThatNothingDefinesGoNowhereAndNotToTheWholeHost() {
        var mesh = shop().instance("redis-1", "redis", 6379, Protocol.TCP, Map.of())
                .connections("redis", "redis.shop.tulle", backend("redis.shop.tulle", "v9", 1));

        var listener = (ListenerSpec) web(mesh).ofType(ResourceType.LISTENER).get("redis.shop.tulle:6379");

        var wire = assertInstanceOf(
                WireSpec.Tcp.class, listener.chains().getFirst().wire());
        assertEquals(
                List.of("nowhere"),
                wire.targets().stream().map(ActionSpec.Target::cluster).toList());
    }

    @Test
    void httpRoutesGoByHowSpecificTheyAre() {
        var prefix = rule(
                "prefix", List.of(RequestMatch.ofPath(new PathMatch.Prefix("/a"))), backend("web.shop.tulle", "", 1));
        var exact = rule(
                "exact", List.of(RequestMatch.ofPath(new PathMatch.Exact("/a"))), backend("cart.shop.tulle", "", 1));
        var longer = rule(
                "longer", List.of(RequestMatch.ofPath(new PathMatch.Prefix("/a/b"))), backend("web.shop.tulle", "", 1));
        var mesh = shop().routing(Precedence.SPECIFICITY, "r1", "catalog.shop.tulle", List.of(prefix, longer))
                .routing(Precedence.SPECIFICITY, "r2", "catalog.shop.tulle", List.of(exact));

        var routes = (RouteTableSpec) web(mesh).ofType(ResourceType.ROUTES).get(CATALOG);

        assertEquals(
                List.of("HTTPRoute shop/r2#exact", "HTTPRoute shop/r1#longer", "HTTPRoute shop/r1#prefix"),
                routes.routes().stream().map(r -> r.name()).toList());
    }

    @Test
    void inboundIsStrictUnlessAPolicySaysOtherwise() {
        assertEquals(List.of(ChainSpec.MUTUAL_TLS), inboundOf(shop()));

        var permissive = shop().with(new PeerPolicy(
                new ResourceRef("PeerAuthentication", "shop", "p"),
                Selector.ALL,
                Optional.of(PeerTls.PERMISSIVE),
                new TreeMap<>()));
        assertEquals(List.of(ChainSpec.MUTUAL_TLS, ChainSpec.PLAINTEXT), inboundOf(permissive));

        var labels = new TreeMap<>(Map.of("app", "web"));
        var stricter = permissive.with(new PeerPolicy(
                new ResourceRef("PeerAuthentication", "shop", "web"),
                new Selector(labels),
                Optional.of(PeerTls.STRICT),
                new TreeMap<>()));
        assertEquals(List.of(ChainSpec.MUTUAL_TLS), inboundOf(stricter));
    }

    @Test
    void aRuleThatLeadsToADestinationWhoseOwnRuleIsLeftOutStaysInForce() {
        var mesh = shop().routing(
                        Precedence.WRITTEN,
                        "bad",
                        "cart.shop.tulle",
                        List.of(rule("0", List.of(), backend("cart.shop.tulle", "", -1))))
                .routing(
                        Precedence.WRITTEN,
                        "good",
                        "catalog.shop.tulle",
                        List.of(rule("0", List.of(), backend("cart.shop.tulle", "", 1))));

        assertEquals(
                List.of("VirtualService shop/bad"),
                mesh.compiler().leftOut().keySet().stream()
                        .map(ResourceRef::toString)
                        .toList());
    }

    @Test
    void aSuspectInstanceIsDegradedNotWithdrawn() {
        var mesh = shop();
        var fleet = Fleet.of(
                2,
                mesh.fleet().instances().values().stream()
                        .map(i -> i.id().equals("cart-1") ? i.as(Instance.Liveness.SUSPECT) : i)
                        .toList());

        var snapshot = mesh.compiler().then(mesh.world(), fleet).snapshotFor(mesh.find("web-1"));

        var endpoints = (EndpointsSpec) snapshot.ofType(ResourceType.ENDPOINTS).get("outbound|4000||cart.shop.tulle");
        assertEquals(
                EndpointSpec.Health.DEGRADED, endpoints.endpoints().getFirst().health());
    }

    @Test
    void aServiceIsKnownWhenItsLastInstanceIsGone() {
        var mesh = shop();
        var left = mesh.fleet().instances().values().stream()
                .filter(i -> !i.id().equals("cart-1"))
                .toList();

        var cart = mesh.find("cart-1");
        var departed = java.util.Map.of(cart.service(), cart.workload().ports());
        var snapshot =
                mesh.compiler().then(mesh.world(), Fleet.of(2, left, departed)).snapshotFor(mesh.find("web-1"));

        assertTrue(snapshot.ofType(ResourceType.LISTENER).containsKey("cart.shop.tulle:4000"));
        assertEquals(List.of(), instances(snapshot, "outbound|4000||cart.shop.tulle"));
    }

    @Test
    void whatDidNotChangeStaysTheSameObject() {
        var mesh = shop();
        var before = mesh.compiler();

        var after = before.then(
                shop().routing(
                                Precedence.WRITTEN,
                                "cart",
                                "cart.shop.tulle",
                                List.of(rule("0", List.of(), backend("cart.shop.tulle", "", 1))))
                        .world(),
                mesh.fleet());

        var old = before.layersFor(mesh.find("web-1"));
        var now = after.layersFor(mesh.find("web-1"));
        old.forEach((host, layer) -> {
            if (host.startsWith("cart")) assertNotSame(layer, now.get(host));
            else assertSame(layer, now.get(host));
        });
    }

    @Test
    void anExternalDependencyIsReachedAsItIs() {
        var redis = new External(
                new ResourceRef("ServiceEntry", "shop", "redis"),
                List.of("redis"),
                List.of(),
                List.of(new External.Port(6379, Protocol.TCP, 16379)),
                new External.Resolution.Static(List.of(new External.Endpoint("127.0.0.1"))));

        var cluster = (ClusterSpec)
                web(shop().with(redis)).ofType(ResourceType.CLUSTER).get("outbound|6379||redis");

        assertInstanceOf(ClusterSpec.Security.Plaintext.class, cluster.security());
        assertEquals(
                new ClusterSpec.Source.Fixed(List.of(EndpointSpec.of("redis", "127.0.0.1", 16379))), cluster.source());
    }

    private static List<ChainSpec.Security> inboundOf(MeshBuilder mesh) {
        return Stream.of((ListenerSpec) web(mesh).ofType(ResourceType.LISTENER).get("inbound"))
                .flatMap(listener -> listener.chains().stream())
                .map(ChainSpec::security)
                .toList();
    }

    private static List<String> instances(Snapshot snapshot, String cluster) {
        return ((EndpointsSpec) snapshot.ofType(ResourceType.ENDPOINTS).get(cluster))
                .endpoints().stream().map(EndpointSpec::instance).toList();
    }
}
