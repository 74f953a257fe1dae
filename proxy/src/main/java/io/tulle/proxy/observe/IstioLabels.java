package io.tulle.proxy.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The label names of Istio's standard metrics, in Istio's order (the text format sorts them by name). */
final class IstioLabels {
    /** What opaque connections are counted by. */
    static final List<String> TCP = List.of(
            "reporter",
            "source_workload",
            "source_canonical_service",
            "source_canonical_revision",
            "source_workload_namespace",
            "source_principal",
            "source_app",
            "source_version",
            "source_cluster",
            "destination_workload",
            "destination_workload_namespace",
            "destination_principal",
            "destination_app",
            "destination_version",
            "destination_service",
            "destination_canonical_service",
            "destination_canonical_revision",
            "destination_service_name",
            "destination_service_namespace",
            "destination_cluster",
            "request_protocol",
            "response_flags",
            "connection_security_policy");

    /** What exchanges are counted by. */
    static final List<String> HTTP = http();

    /** Shown in the place of every label but the reporter once the budget of series is spent. */
    static final String OTHER = "other";

    private IstioLabels() {}

    private static List<String> http() {
        var names = new ArrayList<>(TCP);
        names.addAll(names.indexOf("response_flags"), List.of("response_code", "grpc_response_status"));
        return List.copyOf(names);
    }

    /** The values in the order of the names: those of the two ends, then the rest. */
    static Labels of(List<String> names, List<String> ends, String... rest) {
        return Labels.of(
                names, Stream.concat(ends.stream(), Arrays.stream(rest)).toList());
    }

    static Labels other(Labels labels) {
        var names = labels.stream().map(label -> label.getName()).toList();
        var values = labels.stream()
                .map(label -> label.getName().equals("reporter") ? label.getValue() : OTHER)
                .toList();
        return Labels.of(names, values);
    }
}
