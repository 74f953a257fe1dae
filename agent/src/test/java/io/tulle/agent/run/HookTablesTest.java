package io.tulle.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.compile.MeshCompiler;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Serving;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import io.tulle.xds.codec.Codec;
import io.tulle.xds.codec.Decoded;
import io.tulle.xds.layer.Demand;
import io.tulle.xds.spec.ResourceType;
import io.tulle.xds.spec.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HookTablesTest {
    private static final List<ServicePort> PORTS = List.of(new ServicePort(3000, Protocol.HTTP));

    @Test
    void whatHasDepartedKeepsItsNameAndIsNoLongerMeantByLocalhost() {
        var late = instance("late-1", "late").serving(Serving.nothing(PORTS));
        var web = instance("web-1", "web");
        var crash = new ServiceName("shop", "crash");
        var fleet = Fleet.of(1, List.of(web, instance("catalog-1", "catalog"), late), Map.of(crash, PORTS));
        var compiler = MeshCompiler.of(World.empty(MeshSettings.DEFAULT), fleet, List.of());

        var table = HookTables.of(names(compiler, web), "shop");

        assertEquals("crash.shop.tulle", table.names().get("crash"), "its callers hear that nothing is up");
        assertFalse(table.services().get("crash.shop.tulle").local());
        assertTrue(table.services().get("catalog.shop.tulle").local());
        assertTrue(table.services().get("late.shop.tulle").local(), "it is there, and will listen");
    }

    /** What a sidecar hears that has dialled nothing yet. */
    private static Snapshot names(MeshCompiler compiler, Instance of) {
        var names =
                compiler.heardBy(of, Demand.NOTHING, Optional.empty()).bundle().of(ResourceType.NAME);
        return Snapshot.of(names.all().stream()
                .map(name -> ((Decoded.Accepted) Codec.decode(name)).spec())
                .toList());
    }

    private static Instance instance(String id, String service) {
        return Instance.of(
                Workload.of(
                        id, new ServiceName("shop", service), service, Map.of(), "127.0.0.1", 20_000, PORTS, List.of()),
                Set.of(),
                Instance.Liveness.LIVE);
    }
}
