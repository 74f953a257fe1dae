package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import io.tulle.model.ServiceName;
import io.tulle.model.SpiffeId;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Connection.Side;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.plan.Chain;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.TcpReport;
import io.tulle.proxy.tls.Peer;
import io.tulle.xds.spec.ClusterSpec;
import io.tulle.xds.spec.EndpointSpec;
import io.tulle.xds.spec.PeerSpec;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.WireSpec;
import java.util.List;
import java.util.Optional;

/** From a report to Istio's labels, with one plan's table of peers. */
final class Labeller {
    private final SelfLabels self;
    private final Plan plan;
    private final Acquaintances acquaintances;

    Labeller(SelfLabels self, Plan plan, Acquaintances acquaintances) {
        this.self = self;
        this.plan = plan;
        this.acquaintances = acquaintances;
    }

    /** Both ends of a call, and what is missing of one. */
    private record Ends(List<String> labels, String awaited, String end) {
        Naming naming(List<String> names, String... rest) {
            return new Naming(IstioLabels.of(names, labels, rest), awaited, end);
        }
    }

    Naming http(ExchangeReport report) {
        var code = Integer.toString(report.outcome().status());
        var grpc = report.grpcStatus().isPresent()
                ? Integer.toString(report.grpcStatus().getAsInt())
                : "";
        var ends = ends(report.connection(), report.cluster(), report.endpoint());
        return ends.naming(
                IstioLabels.HTTP,
                protocol(report),
                code,
                grpc,
                report.outcome().flags(),
                security(report.connection()));
    }

    Naming tcp(TcpReport report) {
        var ends = ends(report.connection(), report.cluster(), report.endpoint());
        return ends.naming(IstioLabels.TCP, "tcp", report.outcome().flags(), security(report.connection()));
    }

    /** Whether the application speaks to itself, as its own health check does: that is no traffic of the mesh. */
    boolean isItself(TcpReport report) {
        return report.connection().side() == Side.OUTBOUND
                && report.cluster().map(Labeller::isApplication).orElse(false);
    }

    /** The same of a caller's connection. */
    boolean isItself(Connection connection, Chain chain) {
        return connection.side() == Side.OUTBOUND
                && chain.spec().wire() instanceof WireSpec.Tcp(var targets, var _, var _)
                && targets.stream()
                        .allMatch(target -> plan.cluster(target.cluster())
                                .map(cluster -> isApplication(cluster.spec()))
                                .orElse(false));
    }

    /** Of a caller's connection, as whoever listens knows it before anything is asked for on it. */
    Labels connection(Connection connection, Chain chain) {
        var host = Party.orMissing(service(connection, Optional.empty()));
        return Labels.of(
                "reporter",
                reporter(connection),
                "destination_service",
                host,
                "destination_service_name",
                name(host).map(ServiceName::name).orElse(host),
                "request_protocol",
                wire(chain));
    }

    private static String wire(Chain chain) {
        return switch (chain.spec().wire()) {
            case WireSpec.Http _ -> "http";
            case WireSpec.NestTcp _ -> "nest-tcp";
            case WireSpec.Tcp _ -> "tcp";
            case WireSpec.Detected _ -> "detected";
        };
    }

    private static String reporter(Connection connection) {
        return connection.side() == Side.OUTBOUND ? "source" : "destination";
    }

    /** All labels up to the destination's cluster. */
    private Ends ends(Connection connection, Optional<ClusterSpec> cluster, Optional<EndpointSpec> endpoint) {
        var outbound = connection.side() == Side.OUTBOUND;
        var source = outbound ? Party.of(self) : caller(connection.peer());
        var own = !outbound && cluster.map(Labeller::isApplication).orElse(true);
        var destination = own ? Party.of(self) : callee(cluster, endpoint);
        var host = Party.orMissing(service(connection, cluster));
        var name = name(host);
        var met = outbound ? instanceOf(cluster, endpoint) : instanceOf(connection.peer());
        var awaited = met.filter(instance -> peer(instance).isEmpty() && isAwaited(instance));
        var labels = List.of(
                reporter(connection),
                source.workload(),
                source.canonicalService(),
                source.canonicalRevision(),
                source.namespace(),
                source.principal(),
                source.app(),
                source.version(),
                source.mesh(),
                destination.workload(),
                destination.namespace(),
                destination.principal(),
                destination.app(),
                destination.version(),
                host,
                destination.canonicalService(),
                destination.canonicalRevision(),
                name.map(ServiceName::name).orElse(host),
                name.map(ServiceName::namespace).orElse(Party.MISSING),
                destination.mesh());
        return new Ends(labels, awaited.orElse(""), awaited.isEmpty() ? "" : outbound ? "destination" : "source");
    }

    private boolean isAwaited(String instance) {
        acquaintances.met(instance);
        return acquaintances.isAwaited(instance);
    }

    private static Optional<String> instanceOf(Peer peer) {
        return switch (peer) {
            case Peer.Known(var _, var instance) -> instance;
            case Peer.Anonymous _ -> Optional.empty();
        };
    }

    /** Only instances of the mesh have a name in it. */
    private static Optional<String> instanceOf(Optional<ClusterSpec> cluster, Optional<EndpointSpec> endpoint) {
        return cluster.filter(c -> c.source() instanceof ClusterSpec.Source.Discovered)
                .flatMap(_ -> endpoint)
                .map(EndpointSpec::instance);
    }

    /** The labels of what was counted before they were known; empty while they may still come. */
    Optional<Labels> settled(Naming naming) {
        if (naming.isComplete()) return Optional.of(naming.labels());
        var told = peer(naming.awaited()).map(naming::with);
        if (told.isPresent()) return told;
        return acquaintances.isAwaited(naming.awaited()) ? Optional.empty() : Optional.of(naming.labels());
    }

    private Party caller(Peer peer) {
        return switch (peer) {
            case Peer.Known(var id, var instance) ->
                Party.of(instance.flatMap(this::peer), Optional.of(id), self.mesh());
            case Peer.Anonymous _ -> Party.UNKNOWN;
        };
    }

    private Party callee(Optional<ClusterSpec> cluster, Optional<EndpointSpec> endpoint) {
        return Party.of(
                endpoint.map(EndpointSpec::instance).flatMap(this::peer),
                cluster.flatMap(Labeller::proved),
                self.mesh());
    }

    /** The identity that the endpoint had to prove; where several would do, which it was is not told. */
    private static Optional<SpiffeId> proved(ClusterSpec cluster) {
        return switch (cluster.security()) {
            case ClusterSpec.Security.MutualTls tls ->
                tls.identities().size() == 1 ? Optional.of(tls.identities().getFirst()) : Optional.empty();
            case ClusterSpec.Security.Plaintext _, ClusterSpec.Security.Tls _ -> Optional.empty();
        };
    }

    private Optional<PeerSpec> peer(String instance) {
        return Optional.ofNullable(plan.snapshot().ofType(ResourceType.PEER).get(instance))
                .map(PeerSpec.class::cast);
    }

    private static boolean isApplication(ClusterSpec cluster) {
        return cluster.source() instanceof ClusterSpec.Source.Application;
    }

    /** The host that the call was for; a request that went nowhere is still for the service whose port it came to. */
    private String service(Connection connection, Optional<ClusterSpec> cluster) {
        if (cluster.isPresent()) return cluster.get().host();
        if (connection.side() != Side.OUTBOUND) return self.host();
        return plan.chain(connection.destination())
                .map(chain -> chain.listener().replaceFirst(":[0-9]+$", ""))
                .orElse("");
    }

    private static Optional<ServiceName> name(String host) {
        return host.endsWith("." + ServiceName.DOMAIN) ? ServiceName.parse(host, "") : Optional.empty();
    }

    private static String protocol(ExchangeReport report) {
        if (report.request().wire() == Wire.NEST_TCP) return "nest-tcp";
        return isGrpc(report) ? "grpc" : "http";
    }

    static boolean isGrpc(ExchangeReport report) {
        return report.request().isGrpc();
    }

    /** As Istio has it: the destination knows, the source says {@code unknown}. */
    private static String security(Connection connection) {
        if (connection.side() == Side.OUTBOUND) return Party.MISSING;
        return connection.peer() instanceof Peer.Known ? "mutual_tls" : "none";
    }
}
