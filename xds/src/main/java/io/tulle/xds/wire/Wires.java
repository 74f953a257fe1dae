package io.tulle.xds.wire;

import io.tulle.model.Problem;
import io.tulle.model.world.Serving;
import io.tulle.xds.XdsCode;
import io.tulle.xds.join.Issued;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.registry.EdgeCounts;
import io.tulle.xds.registry.TrafficReport;
import io.tulle.xds.wire.holding.Edge;
import io.tulle.xds.wire.holding.Heartbeat;
import io.tulle.xds.wire.holding.Register;
import io.tulle.xds.wire.join.Credentials;
import java.util.List;
import java.util.TreeMap;

/** Our own messages to plain records and back. */
public final class Wires {
    private Wires() {}

    /** {@link RegisterReader} reads it. */
    public static Register encode(Announcement announcement) {
        var workload = announcement.instance().workload();
        var register = Register.newBuilder()
                .setId(workload.id())
                .setNamespace(workload.service().namespace())
                .setService(workload.service().name())
                .setAccount(workload.account())
                .putAllLabels(workload.labels())
                .setAddress(workload.address())
                .setMeshPort(workload.meshPort())
                .addAllCapabilities(announcement.instance().node().capabilities())
                .setVersion(announcement.software());
        register.setServing(encode(workload.serving())).setHost(announcement.host());
        register.setRun(announcement.claimant().run())
                .setReplaces(announcement.claimant().replaces());
        workload.ports()
                .forEach(port -> register.addPortsBuilder()
                        .setPort(port.port())
                        .setProtocol(port.protocol().written()));
        workload.doors()
                .forEach(door -> register.addDoorsBuilder()
                        .setPort(door.port())
                        .setAddress(door.address())
                        .setBound(door.bound()));
        return register.build();
    }

    public static io.tulle.xds.wire.holding.Serving encode(Serving serving) {
        return io.tulle.xds.wire.holding.Serving.newBuilder()
                .addAllClosed(serving.closed())
                .addAllElsewhere(serving.elsewhere())
                .setUnwell(serving.isUnwell())
                .build();
    }

    public static Serving decode(io.tulle.xds.wire.holding.Serving serving) {
        return Serving.of(serving.getClosedList(), serving.getElsewhereList()).unwell(serving.getUnwell());
    }

    /** @param edges those of the report that are told */
    public static Heartbeat encode(TrafficReport report, List<EdgeCounts> edges) {
        var heartbeat = Heartbeat.newBuilder().setOmitted(report.omitted()).addAllRefusing(report.refusing());
        for (var each : edges) {
            var edge = heartbeat
                    .addEdgesBuilder()
                    .setCalling(each.edge().end() == EdgeCounts.End.CALLING)
                    .setOther(each.edge().other())
                    .setProtocol(each.edge().protocol())
                    .setMutualTls(each.edge().mutualTls())
                    .setRequests(each.calls().requests())
                    .setFailed(each.calls().failed())
                    .setDenied(each.calls().denied())
                    .setOpened(each.opened())
                    .setClosed(each.closed());
            each.calls()
                    .durations()
                    .forEach((millis, count) ->
                            edge.addDurationsBuilder().setMillis(millis).setCount(count));
        }
        return heartbeat.build();
    }

    public static TrafficReport decode(Heartbeat heartbeat) {
        return new TrafficReport(
                heartbeat.getEdgesList().stream().map(Wires::decode).toList(),
                heartbeat.getOmitted(),
                heartbeat.getRefusingList());
    }

    private static EdgeCounts decode(Edge edge) {
        var end = edge.getCalling() ? EdgeCounts.End.CALLING : EdgeCounts.End.CALLED;
        var durations = new TreeMap<Double, Long>();
        edge.getDurationsList().forEach(bucket -> durations.merge(bucket.getMillis(), bucket.getCount(), Long::sum));
        return new EdgeCounts(
                new EdgeCounts.Edge(end, edge.getOther(), edge.getProtocol(), edge.getMutualTls()),
                new EdgeCounts.Calls(edge.getRequests(), edge.getFailed(), edge.getDenied(), durations),
                edge.getOpened(),
                edge.getClosed());
    }

    public static io.tulle.xds.wire.refusal.Problem encode(Problem problem) {
        return io.tulle.xds.wire.refusal.Problem.newBuilder()
                .setCode(problem.code())
                .setReason(problem.message())
                .setFix(problem.fix())
                .build();
    }

    /** What another version sends may have a code of another shape. */
    public static Problem decode(io.tulle.xds.wire.refusal.Problem problem) {
        var known = problem.getCode().length() == 7 && problem.getCode().startsWith("TUL");
        return Problem.error(known ? problem.getCode() : XdsCode.INVALID.code(), problem.getReason(), problem.getFix());
    }

    public static Credentials encode(Issued issued) {
        return Credentials.newBuilder()
                .setIdentity(issued.identity())
                .setChain(issued.chain())
                .setTrust(issued.trust())
                .setVersion(issued.version())
                .build();
    }

    public static Issued decode(Credentials credentials) {
        return new Issued(
                credentials.getIdentity(), credentials.getChain(), credentials.getTrust(), credentials.getVersion());
    }
}
