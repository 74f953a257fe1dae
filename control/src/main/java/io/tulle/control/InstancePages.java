package io.tulle.control;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.control.push.Mesh;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.model.world.Instance;
import io.tulle.xds.stream.NodeStatus;
import io.tulle.xds.stream.SnapshotCache;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Who is running and whether each proxy holds what it should: {@code GET /mesh/instances}, for {@code tulle ps}. */
record InstancePages(Supplier<Mesh> mesh, SnapshotCache cache) {
    void mount(ServerBuilder builder) {
        builder.service("/mesh/instances", (_, _) -> HttpResponse.of(MediaType.JSON, Json.compact(document())));
    }

    private Node document() {
        var items =
                mesh.get().fleet().instances().values().stream().map(this::item).toList();
        var fields = new LinkedHashMap<String, Node>();
        fields.put("revision", Node.of(mesh.get().world().revision()));
        fields.put("items", Node.listOf(items));
        var leftOut = mesh.get().leftOut().values().stream()
                .map(problem -> Node.of(problem.code() + " " + problem.message()))
                .toList();
        fields.put("leftOut", Node.listOf(leftOut));
        return Node.mapOf(fields);
    }

    private Node item(Instance instance) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("instance", instance.id());
        fields.put("service", instance.service().host());
        fields.put("state", instance.standing());
        fields.put("proxy", sync(instance.id()));
        fields.put(
                "address",
                instance.workload().address() + ":" + instance.workload().meshPort());
        fields.put(
                "ports",
                instance.workload().ports().stream()
                        .map(p -> p.port()
                                + (p.protocol().written().isEmpty()
                                        ? ""
                                        : "/" + p.protocol().written()))
                        .collect(Collectors.joining(",")));
        fields.put(
                "published",
                instance.workload().doors().stream()
                        .map(d -> d.port() + "=" + d.address() + ":" + d.bound())
                        .collect(Collectors.joining(",")));
        return Node.mapOfTexts(fields);
    }

    /** What an instance's proxy is at. */
    String sync(String instance) {
        return mesh.get()
                .rollout()
                .unsendable(instance)
                .map(why -> "keeps what it has: " + why)
                .orElseGet(() -> cache.status(instance).map(InstancePages::sync).orElse("not connected"));
    }

    private static String sync(NodeStatus status) {
        if (status.streams() == 0) return "not connected";
        if (!status.isSettled()) return "behind";
        return status.culprits().isEmpty()
                ? "in sync"
                : "rejected " + status.culprits().getFirst();
    }
}
