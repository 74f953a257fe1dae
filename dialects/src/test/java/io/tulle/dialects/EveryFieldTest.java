package io.tulle.dialects;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.field.Shape;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Metadata;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.world.MeshSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The promise of this room, field by field at every depth: a value that cannot be right is noticed wherever it stands, so
 * no field that a person sets is passed over in silence.
 */
class EveryFieldTest {
    /** Fields kept as they are, for others to read, or that say nothing a mesh could do otherwise. */
    private static final List<String> KEPT = List.of("spec.ipFamilies");

    /** One field of a kind: its path as problems write it, and how to set it alone. */
    private record Field(String path, Shape shape, UnaryOperator<Node> around) {}

    @TestFactory
    Stream<DynamicTest> everyFieldOfEveryKindIsReadOrReported() {
        return Kinds.all().stream()
                .filter(kind -> kind.words().messages().containsKey(kind.kind() + "Spec"))
                .flatMap(kind -> fields(kind).stream()
                        .filter(field -> !KEPT.contains(field.path()))
                        .map(field -> DynamicTest.dynamicTest(
                                kind.kind() + " " + field.path(), () -> isNoticed(kind, field))));
    }

    private static void isNoticed(Kind kind, Field field) {
        var isBoolean = field.shape().equals(new Shape.Simple(Shape.Form.BOOLEAN));
        var impossible = isBoolean ? Node.of("neither") : Node.of(true);
        var content = (Node.Mapping) field.around().apply(impossible);
        var resource = Resource.of(kind.apiVersion(), kind.kind(), Metadata.of("shop", "a"), content);
        var problems =
                WorldReader.read(1, MeshSettings.DEFAULT, List.of(resource)).problems();
        var noticed = problems.stream()
                .filter(problem -> problem.isError() || problem.code().equals("TUL1204"))
                .anyMatch(problem -> names(problem.message(), field.path()));
        assertTrue(noticed, () -> field.path() + " is not in " + problems);
    }

    /** The field itself, or something around it that is reported whole. */
    private static boolean names(String message, String path) {
        if (message.contains(": " + path + " ")) return true;
        for (int end = path.lastIndexOf('.'); end > "spec".length(); end = path.lastIndexOf('.', end - 1)) {
            var around = path.substring(0, end).replaceAll("\\[0\\]$", "");
            if (message.contains(": " + around + " is set")) return true;
        }
        return false;
    }

    private static List<Field> fields(Kind kind) {
        var all = new ArrayList<Field>();
        collect(kind, kind.kind() + "Spec", "spec", node -> Node.mapOf(Map.of("spec", node)), all);
        return all;
    }

    private static void collect(Kind kind, String owner, String path, UnaryOperator<Node> around, List<Field> all) {
        kind.words().fields(owner).forEach((name, shape) -> {
            var here = path + "." + name;
            UnaryOperator<Node> set = node -> around.apply(Node.mapOf(Map.of(name, node)));
            all.add(new Field(here, shape, set));
            Within.of(shape, here, set, (message, at, inside) -> collect(kind, message, at, inside, all));
        });
    }
}
