package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.reader.Yaml;
import io.tulle.dialects.resource.Metadata;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class KindsTest {
    @Test
    void noTwoKindsShareANameButTheTwoGateways() {
        var seen = new HashSet<String>();
        for (var kind : Kinds.all()) {
            assertTrue(seen.add(kind.plural()) || kind.plural().equals("gateways"), kind.plural());
            kind.shortNames().forEach(name -> assertTrue(seen.add(name), name));
        }
    }

    @Test
    void peopleMayUseShortNamesPluralsAndGroups() {
        var routes = Kinds.of("gateway.networking.k8s.io/v1", "HTTPRoute");
        assertEquals(routes, Kinds.named("httproutes"));
        assertEquals(routes, Kinds.named("HTTPRoute"));
        assertEquals(routes, Kinds.named("httproute.gateway.networking.k8s.io"));
        assertEquals("VirtualService", Kinds.named("vs").orElseThrow().kind());
        assertEquals(
                "gateway.networking.k8s.io",
                Kinds.named("gateway").orElseThrow().group());
        assertEquals("networking.istio.io", Kinds.named("gw").orElseThrow().group());
    }

    @Test
    void olderVersionsReadAsTheServedOne() {
        var text =
                "apiVersion: networking.istio.io/v1alpha3\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a}";
        assertEquals("networking.istio.io/v1", one(text).apiVersion());
    }

    @TestFactory
    Stream<DynamicTest> aFieldThatNoKindHasIsReportedInEachKind() {
        return Kinds.all().stream()
                .map(kind -> DynamicTest.dynamicTest(kind.kind(), () -> {
                    var content = Node.mapOf(Map.of("zzz", Node.of(1)));
                    assertTrue(codes(kind, content).contains("TUL1205"));
                    if (kind.words().fields(kind.kind()).containsKey("spec")
                            && !kind.kind().equals("Namespace")) {
                        assertTrue(
                                codes(kind, Node.mapOf(Map.of("spec", content))).contains("TUL1205"));
                    }
                }));
    }

    @Test
    void aResourceFullOfSlipsIsRefusedAndTellsAThousand() {
        var slips = new java.util.LinkedHashMap<String, Node>();
        for (int i = 0; i < 100_000; i++) slips.put("field" + i, Node.of(1));
        var kind = Kinds.named("vs").orElseThrow();
        var problems = problems(kind, Node.mapOf(Map.of("spec", Node.mapOf(slips))));
        assertEquals(1_001, problems.size());
        assertTrue(problems.stream().anyMatch(p -> p.code().equals("TUL1118")));
    }

    @Test
    void aResourceReadsBackAsWritten() {
        var text = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a.b, namespace: shop, labels: {x/y: z}, annotations: {n: "1"}}
                data: {k: "line\\nline", "1": "true"}
                status: {phase: Fine}
                """;
        var first = one(text);
        var again = one(Yaml.write(first.toNode()));
        assertEquals(Json.canonical(first.toNode()), Json.canonical(again.toNode()));
        assertEquals(first.metadata(), again.metadata());
        var stamped = first.with(first.metadata().stamped(3, "42", "abc", Instant.parse("2026-01-02T03:04:05Z")));
        assertEquals(stamped.metadata(), one(Json.compact(stamped.toNode())).metadata());
    }

    @Test
    void headsOfResourcesAreJudgedAllAtOnce() {
        var text = """
                just text
                ---
                apiVersion: v1
                metadata: {name: a}
                ---
                apiVersion: apps/v1
                kind: Gadget
                metadata: {name: a}
                ---
                apiVersion: v1
                kind: Service
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: a, nmespace: b, labels: {"bad key": "x", k: "no way"}, generateName: x}
                ---
                apiVersion: v1
                kind: Namespace
                metadata: {name: a, namespace: b}
                """;
        var problems = ResourceReader.read(new Reader().yaml("f", text), "shop").problems();
        assertEquals(
                List.of(
                        "TUL1115", "TUL1115", "TUL1116", "TUL1115", "TUL1117", "TUL1117", "TUL1205", "TUL1204",
                        "TUL1117"),
                problems.stream().map(Problem::code).toList(),
                problems::toString);
    }

    @Test
    void aResourceTwiceIsReportedAndOneOfThemStays() {
        var text = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 1}]}\n";
        var read = ResourceReader.read(new Reader().yaml("f", text + "---\n" + text), "shop");
        var world = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
        assertEquals(1, world.world().services().size());
        assertEquals("TUL1215", world.problems().getFirst().code());
    }

    @Test
    void schemasNameEveryFieldAndRefersToNothingMissing() {
        var schemas = OpenApi.schemas(Kinds.all());
        assertEquals(Kinds.all().size() + 1, schemas.entries().size());
        var timeout = schemas.at(
                "io.istio.networking.v1.VirtualService",
                "properties",
                "spec",
                "properties",
                "http",
                "items",
                "properties",
                "timeout");
        assertEquals("{\"type\":\"string\"}", Json.compact(timeout.orElseThrow()));
        for (var kind : Kinds.all())
            assertTrue(schemas.get(OpenApi.schemaName(kind)).isPresent());
    }

    private static Resource one(String text) {
        var read = ResourceReader.read(new Reader().yaml("f", text), "shop");
        assertEquals(List.of(), read.problems());
        return read.resources().getFirst();
    }

    private static List<String> codes(Kind kind, Node.Mapping content) {
        return problems(kind, content).stream().map(Problem::code).toList();
    }

    private static List<Problem> problems(Kind kind, Node.Mapping content) {
        var resource = Resource.of(kind.apiVersion(), kind.kind(), Metadata.of("shop", "a"), content);
        return WorldReader.read(1, MeshSettings.DEFAULT, List.of(resource)).problems();
    }
}
