package io.tulle.control;

import io.tulle.model.ServiceName;
import io.tulle.model.shared.SharedMap;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ServicePort;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What instances say by running: which services there are, and on which ports.
 *
 * @param instances of which it was made, compared by identity
 * @param ports by host, those of all its instances
 */
record Announced(
        SharedMap<String, Instance> instances, Set<ServiceName> services, Map<String, List<ServicePort>> ports) {
    static Announced by(SharedMap<String, Instance> instances) {
        var services = new LinkedHashSet<ServiceName>();
        var ports = new HashMap<String, Set<ServicePort>>();
        for (var instance : instances.values()) {
            services.add(instance.service());
            ports.computeIfAbsent(instance.service().host(), _ -> new LinkedHashSet<>())
                    .addAll(instance.workload().ports());
        }
        var listed = new HashMap<String, List<ServicePort>>();
        ports.forEach((host, all) -> listed.put(host, List.copyOf(all)));
        return new Announced(instances, services, listed);
    }

    @SuppressWarnings("ReferenceEquality") // equal ones would be compared instance by instance, at each change
    boolean isOf(SharedMap<String, Instance> others) {
        return instances == others;
    }
}
