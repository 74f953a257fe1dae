package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.dialects.field.Shape;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Metadata;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reference/fields.md} says of every field of every kind what the code does with it, found by setting the
 * field alone. {@code GOLDEN_WRITE=1} in the environment writes the page anew.
 */
class FieldsReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/fields.md");

    /** Read so that files of a cluster pass, and nothing follows from them: what they ask for is a cluster's business. */
    private static final Set<String> SAYS_NOTHING = Set.of(
            "Service spec.ipFamilies",
            "Service spec.ipFamilyPolicy",
            "Service spec.loadBalancerIP",
            "Service spec.loadBalancerClass",
            "Service spec.loadBalancerSourceRanges",
            "Service spec.allocateLoadBalancerNodePorts",
            "Service spec.externalTrafficPolicy",
            "Service spec.healthCheckNodePort",
            "Service spec.ports[].nodePort");

    private static final String HEAD = """
            # Every field, and what Tulle does with it

            Found by setting each field alone, and held to the code by a test. What stands in no table is no field, and is refused with the nearest
            name (TUL1205).

            - **acted on**: it does what upstream says. Where words stand beside it, they are the values of which it is true.
            - **reported**: the document is taken, a warning says what is not done.
            - **refused**: the document is refused (TUL1204), so that nobody relies on what is not done. Fields inside are refused with it.
            - **says nothing here**: taken without a word; it asks for what only a cluster has.

            [What documents mean](documents.md) says where an accepted field means something a little different than in a cluster.
            """;

    private enum Treatment {
        ACTED_ON("acted on"),
        REPORTED("reported"),
        REFUSED("**refused**");

        private final String written;

        Treatment(String written) {
            this.written = written;
        }
    }

    @Test
    void thePageSaysOfEachFieldWhatTheCodeDoes() throws IOException {
        var page = new StringBuilder(HEAD);
        for (var kind : Kinds.all()) {
            if (!kind.words().messages().containsKey(kind.kind() + "Spec")) continue;
            page.append("\n## ").append(kind.kind()).append("\n\n`").append(kind.apiVersion());
            page.append("`\n\n| field | here |\n|---|---|\n");
            message(kind, kind.kind() + "Spec", "spec", node -> Node.mapOf(Map.of("spec", node)), page);
        }
        if (System.getenv("GOLDEN_WRITE") != null) Files.writeString(PAGE, page);
        assertEquals(
                Files.readString(PAGE),
                page.toString(),
                PAGE + " is not what the code does; GOLDEN_WRITE=1 writes it anew");
    }

    private static void message(
            Kind kind, String message, String path, UnaryOperator<Node> around, StringBuilder page) {
        var fields = kind.words().fields(message);
        fields.forEach((name, shape) -> field(kind, shape, path + "." + name, alone(name, fields, around), page));
    }

    /** The ways to set a field: alone, then beside each word of the choices next to it, which may be what allows it. */
    private static List<UnaryOperator<Node>> alone(String name, Map<String, Shape> fields, UnaryOperator<Node> around) {
        var ways = new ArrayList<UnaryOperator<Node>>();
        ways.add(node -> around.apply(Node.mapOf(Map.of(name, node))));
        fields.forEach((other, shape) -> {
            if (other.equals(name) || !(shape instanceof Shape.Choice(var words))) return;
            words.forEach(word -> ways.add(node -> around.apply(Node.mapOf(Map.of(name, node, other, Node.of(word))))));
        });
        return ways;
    }

    private static void field(Kind kind, Shape shape, String path, List<UnaryOperator<Node>> ways, StringBuilder page) {
        var best = ways.stream()
                .min(Comparator.comparing(way -> treatment(kind, shape, path, way)))
                .orElseThrow();
        var treatment = treatment(kind, shape, path, best);
        var told = treatment.written;
        if (treatment == Treatment.ACTED_ON && shape instanceof Shape.Choice(var words)) {
            told = choices(kind, words, path, best);
        }
        if (SAYS_NOTHING.contains(kind.kind() + " " + plain(path))) told = "says nothing here";
        page.append("| `").append(plain(path)).append("` | ").append(told).append(" |\n");
        if (treatment != Treatment.ACTED_ON) return;
        Within.of(shape, path, best, (message, at, around) -> message(kind, message, at, around, page));
    }

    /** Acted on, if any value that it can have is; else the mildest of what becomes of them. */
    private static Treatment treatment(Kind kind, Shape shape, String path, UnaryOperator<Node> around) {
        return values(shape).stream()
                .map(value -> treatment(kind, path, around.apply(value)))
                .min(Enum::compareTo)
                .orElseThrow();
    }

    private static String choices(Kind kind, List<String> words, String path, UnaryOperator<Node> around) {
        return Stream.of(Treatment.values())
                .flatMap(treatment -> {
                    var such = words.stream()
                            .filter(word -> treatment(kind, path, around.apply(Node.of(word))) == treatment)
                            .toList();
                    return such.isEmpty()
                            ? Stream.<String>of()
                            : Stream.of(treatment.written + ": " + String.join(", ", such));
                })
                .collect(Collectors.joining("; "));
    }

    private static Treatment treatment(Kind kind, String path, Node content) {
        var resource = Resource.of(kind.apiVersion(), kind.kind(), Metadata.of("shop", "a"), (Node.Mapping) content);
        var about = WorldReader.read(1, MeshSettings.DEFAULT, List.of(resource)).problems().stream()
                .filter(problem -> problem.code().equals("TUL1204"))
                .filter(problem -> isAbout(problem.message(), path))
                .toList();
        if (about.stream().anyMatch(Problem::isError)) return Treatment.REFUSED;
        return about.isEmpty() ? Treatment.ACTED_ON : Treatment.REPORTED;
    }

    /** Of the field, or of what it stands in: that was acted on before the field was set, so the field is the reason. */
    private static boolean isAbout(String message, String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            var here = path.substring(0, end);
            if (message.contains(": " + here + " ") || message.contains(": " + here.replaceAll("\\[0\\]$", "") + " ")) {
                return true;
            }
        }
        return false;
    }

    private static List<Node> values(Shape shape) {
        return switch (shape) {
            case Shape.Choice(var words) -> words.stream().map(Node::of).toList();
            case Shape.Message _ -> List.of(Node.mapOf(Map.of()));
            case Shape.ListOf(var item) ->
                values(item).stream()
                        .map(value -> (Node) Node.listOf(List.of(value)))
                        .toList();
            case Shape.MapOf(var value) ->
                values(value).stream()
                        .map(each -> (Node) Node.mapOf(Map.of("80", each)))
                        .toList();
            case Shape.Simple(var form) ->
                switch (form) {
                    case TEXT ->
                        List.of(Node.of("a"), Node.of("1s"), Node.of("*"), Node.of("10.0.0.1"), Node.of("Service"));
                    case INTEGER, NUMBER, PORT -> List.of(Node.of(1));
                    case BOOLEAN -> List.of(Node.of(true));
                    case ANY -> List.of(Node.mapOf(Map.of("a", Node.of("b"))));
                };
        };
    }

    /** As documents are written, without the places that the probes stand at. */
    private static String plain(String path) {
        return path.replace("[0]", "[]").replaceAll("\\.80(?=\\.|$)", ".KEY");
    }
}
