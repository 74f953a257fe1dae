package io.tulle.control.compile;

import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Service;
import io.tulle.model.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Which instances stand behind a service: those that its selector chooses, where it has one, else those that name it. A
 * selector sees only labels that an instance's credential covers; the name was held against it when the instance came.
 */
public final class Members {
    private Members() {}

    /** Whether an instance stands behind a declared service. */
    public static boolean has(Service service, Instance instance) {
        return has(service, instance, Labels.proven(instance));
    }

    private static boolean has(Service service, Instance instance, SortedMap<String, String> labels) {
        var chosen = service.selector().filter(selector -> !selector.isEmpty());
        if (chosen.isEmpty()) return instance.service().equals(service.name());
        return chosen.get().selects(labels)
                && service.name().namespace().equals(instance.service().namespace());
    }

    /** The instances of every service that is declared or that an instance names, by id. */
    static Map<ServiceName, List<Instance>> of(World world, Fleet fleet) {
        var declared = new HashMap<String, List<Service>>();
        world.services()
                .values()
                .forEach(service -> declared.computeIfAbsent(service.name().namespace(), _ -> new ArrayList<>())
                        .add(service));
        var members = new HashMap<ServiceName, List<Instance>>();
        for (var instance : fleet.instances().values()) {
            var labels = Labels.proven(instance);
            for (var service : declared.getOrDefault(instance.service().namespace(), List.of())) {
                if (has(service, instance, labels)) put(members, service.name(), instance);
            }
            if (!world.services().containsKey(instance.service())) put(members, instance.service(), instance);
        }
        return members;
    }

    private static void put(Map<ServiceName, List<Instance>> members, ServiceName name, Instance instance) {
        members.computeIfAbsent(name, _ -> new ArrayList<>()).add(instance);
    }
}
