package io.tulle.proxy.admin;

import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.plan.Plan;
import java.util.TreeMap;

/** Envoy's {@code /clusters} text: a line for each number, {@code cluster::address::what::value}. */
final class Clusters {
    private Clusters() {}

    static String text(Plan plan) {
        var out = new StringBuilder();
        new TreeMap<>(plan.clusters()).forEach((name, cluster) -> {
            limits(out, name, cluster);
            cluster.endpoints().endpoints().forEach(endpoint -> endpoint(out, name, endpoint));
        });
        return out.toString();
    }

    private static void limits(StringBuilder out, String name, Cluster cluster) {
        var limits = cluster.limits();
        line(out, name, "cx_active", limits.connections().inUse());
        line(out, name, "rq_pending_active", limits.pending().inUse());
        line(out, name, "rq_active", limits.requests().inUse());
        line(out, name, "rq_retry_active", limits.retries().inUse());
    }

    private static void endpoint(StringBuilder out, String name, Endpoint endpoint) {
        var spec = endpoint.spec();
        var place = name + "::" + spec.address() + ":" + spec.port();
        line(out, place, "hostname", spec.instance());
        line(out, place, "health_flags", health(endpoint));
        line(out, place, "weight", spec.weight());
        line(out, place, "rq_active", endpoint.state().active());
    }

    /** Envoy's flags, {@code /} before each; {@code healthy} when there is none. */
    private static String health(Endpoint endpoint) {
        var flags = switch (endpoint.spec().health()) {
            case HEALTHY -> "";
            case DEGRADED -> "/eds_status_degraded";
            case DRAINING -> "/eds_status_draining";
        };
        var all = flags + (endpoint.state().isEjected() ? "/failed_outlier_check" : "");
        return all.isEmpty() ? "healthy" : all;
    }

    private static void line(StringBuilder out, String place, String what, Object value) {
        out.append(place).append("::").append(what).append("::").append(value).append('\n');
    }
}
