package io.tulle.xds.codec;

import io.tulle.model.Protocol;
import io.tulle.model.SpiffeId;
import io.tulle.model.match.HeaderMatch;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.QueryMatch;
import io.tulle.model.match.RequestMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.Authorization;
import io.tulle.model.policy.AuthorizationRule;
import io.tulle.model.policy.AuthorizationRule.Operation;
import io.tulle.model.policy.AuthorizationRule.Source;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.ClientTls;
import io.tulle.model.policy.Condition;
import io.tulle.model.policy.ConnectionLimits;
import io.tulle.model.policy.CorsPolicy;
import io.tulle.model.policy.DestinationPolicy;
import io.tulle.model.policy.FaultPolicy;
import io.tulle.model.policy.HashKey;
import io.tulle.model.policy.HashPolicy;
import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderPolicy;
import io.tulle.model.policy.MirrorPolicy;
import io.tulle.model.policy.OutlierPolicy;
import io.tulle.model.policy.PathRewrite;
import io.tulle.model.policy.Percentage;
import io.tulle.model.policy.RetryPolicy;
import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.SessionPolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.model.policy.Towards;
import io.tulle.xds.spec.ActionSpec;
import io.tulle.xds.spec.ActionSpec.Target;
import io.tulle.xds.spec.CertificateSpec;
import io.tulle.xds.spec.ChainSpec;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.DestinationSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.EndpointsSpec;
import io.tulle.xds.spec.ListenerSpec;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.RouteSpec;
import io.tulle.xds.spec.RouteTableSpec;
import io.tulle.xds.spec.Spec;
import io.tulle.xds.spec.TrustSpec;
import io.tulle.xds.spec.WireSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Specs of every shape, drawn from a seed; also odd ones that no compiler makes. */
final class AnySpec {
    private static final String ODD = "a/b.c*d|e(f)[g]{h}\\i^j$k+l?m n%o#p@q:rüß\"'~&-=";
    private final Random random;

    AnySpec(Random random) {
        this.random = random;
    }

    Spec any() {
        return switch (random.nextInt(9)) {
            case 0 -> listener();
            case 1 -> routes();
            case 2 -> cluster();
            case 3 -> new EndpointsSpec(name(), list(4, this::endpoint));
            case 4 ->
                new TrustSpec(
                        name(),
                        "tulle",
                        list(3, () -> "-----BEGIN CERTIFICATE-----\n" + name() + "\n-----END CERTIFICATE-----\n"));
            case 5 -> new DestinationSpec(name(), true);
            case 6 -> hostName();
            case 7 -> new CertificateSpec(name(), name(), name());
            default -> new PeerSpec(name(), text(), text(), text(), text(), text());
        };
    }

    private ChainSpec.Security security() {
        return switch (random.nextInt(4)) {
            case 0 -> ChainSpec.PLAINTEXT;
            case 1 -> ChainSpec.MUTUAL_TLS;
            case 2 -> new ChainSpec.Security.PassedThrough();
            default ->
                new ChainSpec.Security.Terminated(
                        List.of(name(), name()),
                        random.nextBoolean() ? Optional.of(name()) : Optional.empty(),
                        random.nextBoolean());
        };
    }

    private NameSpec hostName() {
        var ports = new TreeMap<Integer, Protocol>();
        for (int i = random.nextInt(3); i > 0; i--) ports.put(port(), pick(Protocol.values()));
        return new NameSpec(name(), list(3, this::name), list(2, this::address), ports, random.nextBoolean());
    }

    ListenerSpec listener() {
        if (random.nextInt(5) == 0) {
            var chain = new ChainSpec(name(), port(), List.of(), ChainSpec.PLAINTEXT, http());
            return new ListenerSpec(name(), new ListenerSpec.Place.Api(), List.of(chain));
        }
        var place = switch (random.nextInt(4)) {
            case 0 -> new ListenerSpec.Place.Outbound(list(3, this::name), list(3, this::addresses), port());
            case 1 -> new ListenerSpec.Place.Inbound();
            case 2 -> new ListenerSpec.Place.Door(address(), port());
            default -> new ListenerSpec.Place.Bound(address(), port());
        };
        return new ListenerSpec(name(), place, list(4, this::chain), random.nextBoolean());
    }

    ChainSpec chain() {
        var wire = switch (random.nextInt(4)) {
            case 0 -> http();
            case 1 -> new WireSpec.NestTcp(name(), authorizations());
            case 2 -> tcp();
            default -> new WireSpec.Detected(http(), tcp());
        };
        return new ChainSpec(name(), port(), list(2, this::name), security(), wire);
    }

    RouteTableSpec routes() {
        var hosts = new ArrayList<RouteTableSpec.Host>();
        for (int i = random.nextInt(3); i > 0; i--) {
            var domain = random.nextBoolean() ? "*.n" + i + ".example" : "n" + i + ".example";
            hosts.add(new RouteTableSpec.Host(List.of(domain, "n" + i + ".*"), list(3, this::route)));
        }
        return new RouteTableSpec(name(), list(4, this::route), hosts);
    }

    ClusterSpec cluster() {
        var source = switch (random.nextInt(5)) {
            case 0 -> new ClusterSpec.Source.Discovered();
            case 1 -> new ClusterSpec.Source.Application(port());
            case 2 -> new ClusterSpec.Source.Fixed(list(3, this::endpoint));
            case 3 -> new ClusterSpec.Source.Dialled("db.example.com", port(), list(3, this::addresses));
            default -> resolved();
        };
        var security = switch (random.nextInt(3)) {
            case 0 -> new ClusterSpec.Security.Plaintext();
            case 1 ->
                new ClusterSpec.Security.Tls(name(), proof(), maybe(() -> new ClientTls.KeyFiles(name(), name())));
            default -> new ClusterSpec.Security.MutualTls(name(), list(3, () -> SpiffeId.of("tulle", "shop", label())));
        };
        var limits =
                new ConnectionLimits(count(), count(), count(), count(), count(), duration(), Optional.of(duration()));
        return new ClusterSpec(
                name(),
                name(),
                source,
                pick(Protocol.values()),
                security,
                DestinationPolicy.NONE
                        .with(balancing())
                        .with(limits)
                        .with(maybe(() -> new OutlierPolicy(
                                count(),
                                count(),
                                count(),
                                random.nextBoolean(),
                                duration(),
                                duration(),
                                random.nextInt(101),
                                random.nextInt(101)))));
    }

    private Balancing balancing() {
        return switch (random.nextInt(3)) {
            case 0 -> new Balancing(new Balancing.RingHash(Optional.empty(), 1 + random.nextInt(4096)));
            case 1 -> new Balancing(new Balancing.Maglev(Optional.empty(), pick(2, 65_537, 5_000_011)));
            default ->
                new Balancing(
                        pick(Balancing.Simple.values()),
                        maybe(() -> new Balancing.Warmup(duration(), random.nextInt(101), 0.5 + random.nextInt(4))));
        };
    }

    private HashPolicy hash() {
        var all = new ArrayList<>(list(2, this::hashKey));
        all.add(hashKey());
        return new HashPolicy(all);
    }

    private SessionPolicy session() {
        if (random.nextBoolean()) return new SessionPolicy(new SessionPolicy.Header("x-" + label()), Optional.empty());
        var end = maybe(this::duration);
        return new SessionPolicy(
                new SessionPolicy.Cookie(label(), "/" + label(), end.isPresent() && random.nextBoolean()), end);
    }

    private HashKey hashKey() {
        return switch (random.nextInt(4)) {
            case 0 -> new HashKey.Header("x-" + label());
            case 1 ->
                new HashKey.Cookie(
                        label(),
                        maybe(() -> "/" + label()),
                        maybe(this::duration),
                        list(2, () -> new HashKey.Attribute(label(), pick("", "Strict"))));
            case 2 -> new HashKey.SourceAddress();
            default -> new HashKey.QueryParameter(label());
        };
    }

    private ClusterSpec.Source resolved() {
        var names = new ArrayList<>(list(2, this::endpoint));
        names.add(EndpointSpec.of("db.example.com", "db.example.com", port()));
        return new ClusterSpec.Source.Resolved(names);
    }

    private ClusterSpec.Proof proof() {
        if (random.nextInt(4) == 0) return new ClusterSpec.Proof.Unchecked();
        var names = new ArrayList<>(list(2, () -> pick(name(), address(), "spiffe://tulle/ns/shop/sa/" + label())));
        names.add("api.example.com");
        return new ClusterSpec.Proof.Checked(names, maybe(this::name), maybe(this::name));
    }

    private EndpointSpec endpoint() {
        if (random.nextInt(8) == 0)
            return EndpointSpec.ofSocket(name(), "/run/app.sock", pick(EndpointSpec.Health.values()), 2);
        return new EndpointSpec(name(), address(), port(), pick(EndpointSpec.Health.values()), 1 + random.nextInt(3));
    }

    private WireSpec.Http http() {
        return new WireSpec.Http(name(), authorizations(), random.nextBoolean());
    }

    private WireSpec.Tcp tcp() {
        return new WireSpec.Tcp(
                list(3, () -> new Target(name(), random.nextInt(3), HeaderEdits.NONE, HeaderEdits.NONE)),
                authorizations(),
                random.nextBoolean());
    }

    private RouteSpec route() {
        var edits = List.of(edits(), edits());
        var fault = maybe(this::fault);
        var matches = new ArrayList<>(list(3, this::match));
        matches.add(match());
        return switch (random.nextInt(4)) {
            case 0 ->
                new RouteSpec(
                        name(),
                        matches,
                        new ActionSpec.Redirect(
                                pick(301, 302, 303, 307, 308),
                                maybe(() -> pick("http", "https")),
                                maybe(this::name),
                                maybePort(),
                                maybe(this::rewrite)),
                        RoutePolicy.set(fault, HeaderPolicy.of(edits.get(0), edits.get(1)), maybe(this::cors)));
            case 1 ->
                new RouteSpec(
                        name(),
                        matches,
                        new ActionSpec.Respond(200 + random.nextInt(400), text()),
                        RoutePolicy.set(fault, HeaderPolicy.of(edits.get(0), edits.get(1)), maybe(this::cors)));
            default ->
                new RouteSpec(
                        name(),
                        matches,
                        new ActionSpec.Forward(list(3, this::target), maybe(this::rewrite), maybe(this::name)),
                        RoutePolicy.set(
                                maybe(this::duration).map(TimeoutPolicy::new),
                                maybe(this::retry),
                                fault,
                                HeaderPolicy.of(edits.get(0), edits.get(1)),
                                maybe(this::mirrors),
                                maybe(this::hash),
                                maybe(this::cors),
                                maybe(this::session)));
        };
    }

    private CorsPolicy cors() {
        return new CorsPolicy(
                list(3, this::textMatch),
                list(3, () -> pick("GET", "PUT", "*")),
                list(3, () -> "x-" + label()),
                list(3, () -> pick("*", "x-" + label())),
                random.nextBoolean() ? OptionalLong.of(random.nextInt(100_000)) : OptionalLong.empty(),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private MirrorPolicy mirrors() {
        var all = new ArrayList<>(list(2, this::mirror));
        all.add(mirror());
        return new MirrorPolicy(all);
    }

    private MirrorPolicy.Mirror mirror() {
        return new MirrorPolicy.Mirror(new Towards.Cluster(name()), share(), random.nextBoolean());
    }

    private Target target() {
        return random.nextBoolean() ? Target.of(name()) : new Target(name(), random.nextInt(1000), edits(), edits());
    }

    private PathRewrite rewrite() {
        if (random.nextInt(4) == 0)
            return new PathRewrite.Substitute(pick("^/a/(.*)$", "(b)(c)", "x"), pick("/\\0", "$1\\\\", ""));
        return random.nextBoolean()
                ? new PathRewrite.Full("/" + text())
                : new PathRewrite.Prefix(pick("", "/", "/x", "/x/", "/" + text()));
    }

    private RetryPolicy retry() {
        var on = Set.copyOf(list(4, () -> pick(RetryPolicy.Condition.values())));
        return new RetryPolicy(
                random.nextInt(6),
                maybe(this::duration),
                on,
                list(3, () -> 400 + random.nextInt(200)),
                duration(),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private FaultPolicy fault() {
        return new FaultPolicy(
                maybe(() -> new FaultPolicy.Delay(duration(), share())),
                maybe(() -> new FaultPolicy.Abort(
                        random.nextBoolean()
                                ? new FaultPolicy.Answer.Http(200 + random.nextInt(400))
                                : new FaultPolicy.Answer.Grpc(random.nextInt(17)),
                        share())));
    }

    private Percentage share() {
        return new Percentage(random.nextInt(1_000_001));
    }

    private RequestMatch match() {
        return new RequestMatch(
                maybe(this::path),
                random.nextBoolean(),
                maybe(this::textMatch),
                maybe(this::textMatch),
                maybe(this::textMatch),
                list(2, () -> new HeaderMatch("x-" + label(), textMatch(), random.nextBoolean())),
                list(2, () -> new QueryMatch(name(), textMatch())));
    }

    private PathMatch path() {
        return switch (random.nextInt(5)) {
            case 0 -> new PathMatch.Exact("/" + text());
            case 1 -> new PathMatch.Prefix(pick("/", "/a", "/a/b", "/", "", "/" + text()));
            case 2 -> new PathMatch.StringPrefix(pick("/", "/a", "/a/", "/" + text()));
            case 3 -> new PathMatch.StringSuffix(text());
            default -> new PathMatch.Regex(regex());
        };
    }

    private TextMatch textMatch() {
        return switch (random.nextInt(5)) {
            case 0 -> new TextMatch.Exact(text());
            case 1 -> new TextMatch.Prefix(text());
            case 2 -> new TextMatch.Suffix(text());
            case 3 -> new TextMatch.Regex(regex());
            default -> new TextMatch.Present();
        };
    }

    private List<Authorization> authorizations() {
        return list(
                3,
                () -> new Authorization(
                        name(),
                        pick(Authorization.Action.values()),
                        list(
                                3,
                                () -> new AuthorizationRule(
                                        list(2, this::source), list(2, this::operation), list(3, this::condition))),
                        random.nextInt(4) == 0));
    }

    private Condition condition() {
        var values = list(2, this::textMatch);
        values = values.isEmpty() ? List.of(textMatch()) : values;
        return switch (random.nextInt(6)) {
            case 0 -> new Condition.Header("x-" + label(), values, list(2, this::textMatch));
            case 1 -> new Condition.Header("x-" + label(), List.of(), values);
            case 2 -> new Condition.Identity(pick(Condition.Part.values()), values, list(2, this::textMatch));
            case 3 -> new Condition.Address(pick(Condition.End.values()), List.of(block()), list(2, this::block));
            case 4 -> new Condition.Port(List.of(port()), list(2, this::port));
            default -> new Condition.ServerName(list(2, this::textMatch), values);
        };
    }

    private Source source() {
        return new Source(
                list(2, this::textMatch),
                list(2, this::textMatch),
                list(2, this::textMatch),
                list(2, this::textMatch),
                list(2, this::block),
                list(2, this::block));
    }

    private Operation operation() {
        return new Operation(
                list(2, this::textMatch),
                list(2, this::textMatch),
                list(2, this::port),
                list(2, this::port),
                list(2, this::textMatch),
                list(2, this::textMatch),
                list(2, this::path),
                list(2, this::path));
    }

    private HeaderEdits edits() {
        var edits = new HeaderEdits(
                list(2, () -> new HeaderEdits.Header("x-" + label(), text())),
                list(2, () -> new HeaderEdits.Header("x-" + label(), text())),
                list(2, () -> "x-" + label()));
        return edits.isEmpty() ? HeaderEdits.NONE : edits;
    }

    private String regex() {
        return pick("", "a", "a|b", "[0-9]{3}", "(?i)v[12]", "x/(y|z)w?", "\\d+\\.\\w", "(?:a)|(?:b)");
    }

    private String block() {
        return pick("10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "2001:db8::/32", "::1");
    }

    /** One, or a block of them. */
    private String addresses() {
        var address = address();
        return random.nextBoolean() ? address : address + "/" + random.nextInt(address.contains(":") ? 129 : 33);
    }

    private String address() {
        return pick("10.1.2.3", "127.0.0.1", "2001:db8::1", "10.9.8." + random.nextInt(256));
    }

    private Duration duration() {
        return Duration.ofNanos(1 + random.nextLong(400_000_000_000L));
    }

    private int port() {
        return 1 + random.nextInt(65535);
    }

    private OptionalInt maybePort() {
        return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(port());
    }

    private OptionalInt count() {
        return random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(2000));
    }

    private String label() {
        return "l" + random.nextInt(1000);
    }

    private String name() {
        return pick("cart", "outbound|4000|v1|cart.shop.tulle", "shop/allow#1@2", label());
    }

    /** Any text, an empty one too. */
    private String text() {
        var length = random.nextInt(5);
        var text = new StringBuilder();
        for (var i = 0; i < length; i++) text.append(ODD.charAt(random.nextInt(ODD.length())));
        return text.toString();
    }

    @SafeVarargs
    private <T> T pick(T... all) {
        return all[random.nextInt(all.length)];
    }

    private <T> Optional<T> maybe(Supplier<? extends T> made) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(made.get());
    }

    private <T> List<T> list(int most, Supplier<? extends T> made) {
        var list = new ArrayList<T>();
        var length = random.nextInt(most + 1);
        for (var i = 0; i < length; i++) list.add(made.get());
        return list;
    }
}
