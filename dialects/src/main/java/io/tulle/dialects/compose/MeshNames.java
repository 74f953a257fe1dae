package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Names of Compose in the mesh. Docker takes {@code mysql_db} and {@code Api.Gateway}; a service of the mesh is a DNS
 * label, so those are {@code mysql-db} and {@code api-gateway} there. Applications go on saying what they said.
 */
final class MeshNames {
    private MeshNames() {}

    /** Whether Compose takes it as a name. */
    static boolean isName(String written) {
        return written.matches("[a-zA-Z0-9._-]{1,253}");
    }

    /** As it is looked up: DNS knows no case. */
    static String plain(String written) {
        return written.toLowerCase(Locale.ROOT);
    }

    /** The name in the mesh; not a label only where none can be made of it. */
    static String alias(String written) {
        return plain(written).replaceAll("[^a-z0-9-]", "-").replaceAll("^-+|-+$", "");
    }

    static boolean hasAlias(String written) {
        return isName(written) && ServiceName.isLabel(alias(written));
    }

    /** Two entries that would be one in the mesh, or that answer to one name. */
    static void meet(Collection<ComposeService> services, List<Problem> problems) {
        var owners = new HashMap<String, ComposeService>();
        for (var service : services) {
            claim(service.meshName(), service, owners, problems);
        }
        for (var service : services) {
            service.alsoCalled().forEach(name -> claim(name, service, owners, problems));
        }
    }

    private static void claim(
            String name, ComposeService service, Map<String, ComposeService> owners, List<Problem> problems) {
        var other = Optional.ofNullable(owners.putIfAbsent(name, service));
        if (other.isEmpty() || other.get().name().equals(service.name())) return;
        problems.add(Codes.COMPOSE_NAMES_MEET
                .problem(
                        "services." + other.get().name() + " and services." + service.name() + " are both called "
                                + name + " in the mesh",
                        "rename one of them, or its container_name or network alias")
                .at(service.place()));
    }
}
