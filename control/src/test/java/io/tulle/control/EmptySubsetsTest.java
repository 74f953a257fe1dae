package io.tulle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.WorldReader;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Fleet;
import io.tulle.model.world.Instance;
import io.tulle.model.world.MeshSettings;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.model.world.World;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EmptySubsetsTest {
    private static final String CANARY = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: catalog}
            spec: {host: catalog, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: catalog}
            spec:
              hosts: [catalog]
              http:
              - route:
                - {destination: {host: catalog, subset: v1}, weight: 90}
                - {destination: {host: catalog, subset: v2}, weight: %d}
            """;

    @Test
    void aShareForASubsetThatNobodyCarriesIsToldWithTheLineThatMendsIt() {
        var found = EmptySubsets.of(world(CANARY.formatted(10)), fleet("v2", "v2"));

        assertEquals(1, found.size(), found::toString);
        var problem = found.getFirst();
        assertEquals("TUL1350", problem.code());
        assertTrue(
                !problem.isError() && problem.message().contains("subset 'v1' of catalog.shop.tulle"),
                problem.message());
        assertTrue(problem.fix().contains("tulle run --service catalog --label version=v1"), problem.fix());
    }

    @Test
    void aSubsetWithAnInstanceOrWithoutWeightIsNot() {
        assertEquals(List.of(), EmptySubsets.of(world(CANARY.formatted(10)), fleet("v1", "v2")));
        assertEquals(List.of(), EmptySubsets.of(world(CANARY.formatted(0)), fleet("v1")));
    }

    @Test
    void copiesForASubsetThatNobodyCarriesAreToldTheSame() {
        var mirrored = CANARY.formatted(0).stripTrailing() + "\n    mirror: {host: catalog, subset: v2}\n";
        var found = EmptySubsets.of(world(mirrored), fleet("v1"));

        assertEquals(1, found.size(), found::toString);
        var problem = found.getFirst();
        assertTrue(problem.message().contains("sends copies of requests to subset 'v2'"), problem.message());
        assertTrue(problem.fix().endsWith("or take the mirror out until it runs"), problem.fix());
        assertEquals(List.of(), EmptySubsets.of(world(mirrored), fleet("v1", "v2")));
    }

    @Test
    void onlyInstancesThatTheServiceSelectsCount() {
        var narrow = """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: catalog}
                spec: {selector: {app: catalog, version: v2}, ports: [{port: 3000}]}
                """;
        var found = EmptySubsets.of(world(CANARY.formatted(10) + narrow), fleet("v1", "v2"));
        assertEquals(1, found.size(), found::toString);
    }

    private static World world(String documents) {
        var read = ResourceReader.read(new Reader().yaml("f", documents), "shop");
        var reading = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
        assertTrue(reading.isClean(), reading.problems()::toString);
        return reading.world();
    }

    private static Fleet fleet(String... versions) {
        return Fleet.of(
                1,
                Arrays.stream(versions)
                        .map(version -> Instance.of(
                                Workload.of(
                                        "catalog-" + version,
                                        new ServiceName("shop", "catalog"),
                                        "catalog",
                                        Map.of("version", version),
                                        "127.0.0.1",
                                        20_000,
                                        List.of(new ServicePort(3000, Protocol.HTTP)),
                                        List.of()),
                                Set.of(),
                                Instance.Liveness.LIVE))
                        .toList());
    }
}
