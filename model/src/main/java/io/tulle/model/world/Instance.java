package io.tulle.model.world;

import io.tulle.model.ServiceName;
import java.util.Locale;
import java.util.Set;

/**
 * One running workload, and the node that hears configuration for it; both have one id.
 *
 * @param liveness how sure the control plane is that it is there
 */
public record Instance(Workload workload, ProxyNode node, Liveness liveness) {
    public Instance {
        if (!node.id().equals(workload.id()))
            throw new IllegalArgumentException(node.id() + " does not hear for " + workload.id());
    }

    /** One that hears within its own namespace. */
    public static Instance of(Workload workload, Set<String> capabilities, Liveness liveness) {
        var node = new ProxyNode(workload.id(), workload.service().namespace(), capabilities);
        return new Instance(workload, node, liveness);
    }

    public String id() {
        return workload.id();
    }

    public ServiceName service() {
        return workload.service();
    }

    /** The same instance at another stage of its life. */
    public Instance as(Liveness now) {
        return new Instance(workload, node, now);
    }

    /** The same instance, of some of whose labels its credential says nothing. */
    public Instance withUnproven(Set<String> keys) {
        return new Instance(workload.withUnproven(keys), node, liveness);
    }

    /** The same instance, its application listening elsewhere. */
    public Instance serving(Serving now) {
        return new Instance(workload.serving(now), node, liveness);
    }

    /** In a word, as {@code tulle ps} and the dashboard show it: of one that is heard, whether its application serves every declared port. */
    public String standing() {
        var isReady = workload.serving().closed().isEmpty();
        return liveness == Liveness.LIVE && !isReady
                ? "not ready"
                : liveness.name().toLowerCase(Locale.ROOT);
    }

    /** How sure the control plane is that it is there. */
    public enum Liveness {
        LIVE,
        /** Its stream is lost or its lease over: used when nothing better is left. */
        SUSPECT
    }
}
