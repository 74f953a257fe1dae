package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.reader.Reading;
import io.tulle.dialects.reader.Yaml;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutants of the golden inputs: whatever a document says, it is read or refused, and nothing throws. */
class FuzzTest {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "*",
            "a",
            "a.b",
            "-1",
            "0",
            "99999999999999999999",
            "1.5s",
            "/x",
            "(",
            "\r\nx: y",
            "\u0000",
            "é",
            "%s",
            "cart.shop.tulle");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "istio/virtual-service",
                "istio/security",
                "istio/slips",
                "istio/externals",
                "gatewayapi/http-route",
                "kubernetes/service"
            })
    void noMutantMakesADecoderThrow(String name) throws IOException {
        var input = Path.of("src/test/resources", name, "input.yaml");
        var documents =
                new Reader().read("input.yaml", Files.readAllBytes(input)).documents();
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int run = 0; run < 300; run++) {
            var mutants = documents.stream().map(d -> mutant(d, random, 60)).toList();
            var read = ResourceReader.read(new Reading(mutants, List.of()), "shop");
            var reading = WorldReader.read(1, MeshSettings.DEFAULT, read.resources());
            var problems = new ArrayList<>(read.problems());
            problems.addAll(reading.problems());
            problems.addAll(Checks.run(reading.world(), read.resources(), List.of()));
            for (Problem problem : problems) {
                assertFalse(problem.message().isBlank() || problem.fix().isBlank(), problem::toString);
            }
            for (var resource : read.resources()) {
                var text = Yaml.write(resource.toNode());
                var again = ResourceReader.read(new Reader().yaml("again.yaml", text), "shop");
                assertEquals(
                        List.of(Json.canonical(resource.toNode())),
                        again.resources().stream()
                                .map(r -> Json.canonical(r.toNode()))
                                .toList(),
                        text);
            }
        }
    }

    /** The same with about one value in {@code every} replaced, dropped or doubled. */
    private static Node mutant(Node node, RandomGenerator random, int every) {
        if (random.nextInt(every) == 0) return any(random, 2);
        return switch (node) {
            case Node.Mapping mapping -> {
                var entries = new ArrayList<Node.Entry>();
                for (var entry : mapping.entries()) {
                    if (random.nextInt(every) == 0) continue;
                    var value = mutant(entry.value(), random, every);
                    entries.add(new Node.Entry(entry.keyPlace(), entry.key(), value));
                }
                yield new Node.Mapping(mapping.place(), entries);
            }
            case Node.Sequence list -> {
                var items = new ArrayList<Node>();
                for (var item : list.items()) {
                    items.add(mutant(item, random, every));
                    if (random.nextInt(every) == 0) items.add(item);
                }
                yield new Node.Sequence(list.place(), items);
            }
            case Node.Text _, Node.Numeral _, Node.Bool _, Node.Null _ -> node;
        };
    }

    private static Node any(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> Node.of(TEXTS.get(random.nextInt(TEXTS.size())));
            case 1 -> Node.of(random.nextLong());
            case 2 -> Node.of(random.nextBoolean());
            case 3 -> new Node.Null(Node.MADE);
            case 4 -> Node.listOf(List.of(any(random, depth - 1)));
            default -> Node.mapOf(java.util.Map.of("name", any(random, depth - 1)));
        };
    }
}
