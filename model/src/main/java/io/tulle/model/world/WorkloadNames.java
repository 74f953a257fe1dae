package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.Map;

/**
 * What a workload is called in metrics, logs and traces, as Istio calls it; the one place that says what holds where no label
 * does.
 *
 * @param workload by the label {@code workload}, else the service's name
 * @param app by the label {@code app}, else the service's name
 * @param version by the label {@code version}, else {@code unknown}
 */
public record WorkloadNames(String workload, String app, String version) {
    static final String APP = "app";

    /** Which service a workload serves where nobody says it: the one that its label {@code app} names, else that of its own name. */
    public static String serviceOf(Map<String, String> labels, String name) {
        return labels.getOrDefault(APP, name);
    }

    public static WorkloadNames of(ServiceName service, Map<String, String> labels) {
        return new WorkloadNames(
                labels.getOrDefault("workload", service.name()),
                labels.getOrDefault(APP, service.name()),
                labels.getOrDefault("version", "unknown"));
    }
}
