package io.tulle.launch.up;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.dialects.compose.ComposeReader;
import io.tulle.dialects.compose.ComposeText;
import io.tulle.dialects.compose.Profiles;
import io.tulle.dialects.compose.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Projects as people write them for Docker Compose, each with what Tulle makes of it: what is started, what runs elsewhere,
 * and every note. {@code built.txt} names what a build has made there. {@code GOLDEN_WRITE=1} writes the goldens anew.
 */
final class ComposeProjectsTest {
    private static final Path PROJECTS = Path.of("src/test/resources/up/projects");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-one-api",
                "02-monorepo",
                "03-mounted-source",
                "04-tcp-services",
                "05-brokers",
                "06-workspaces",
                "07-not-built",
                "08-federation",
                "09-grpc-distroless",
                "10-migrations"
            })
    void aProjectIsReadAsItsGoldenSays(String name) throws IOException {
        var golden = PROJECTS.resolve(name).resolve("plan.txt");
        var actual = told(name);
        if (System.getenv("GOLDEN_WRITE") != null) Files.writeString(golden, actual);
        assertEquals(Files.readString(golden), actual);
    }

    @Test
    void withoutABuildEveryMissingFileIsAskedForByName() throws IOException {
        var folder = ComposeFolder.open(PROJECTS.resolve("01-one-api"), _ -> Optional.empty());
        var reading = ComposeReader.read(
                List.of(new ComposeText(
                        "compose.yaml", Files.readAllBytes(PROJECTS.resolve("01-one-api/compose.yaml")))),
                folder,
                Profiles.NONE);
        var problem = reading.problems().stream()
                .filter(one -> one.isError())
                .findFirst()
                .orElseThrow();
        assertEquals("TUL2245", problem.code());
        assertEquals("npm install && npm run build", problem.fix());
    }

    private static String told(String name) throws IOException {
        var folder = PROJECTS.resolve(name);
        var compose = Files.exists(folder.resolve("compose.yaml")) ? "compose.yaml" : "docker-compose.yml";
        var opened = ComposeFolder.open(folder, _ -> Optional.empty());
        var built = Files.readAllLines(folder.resolve("built.txt"));
        var reading = ComposeReader.read(
                List.of(new ComposeText(compose, Files.readAllBytes(folder.resolve(compose)))),
                new Built(opened, built),
                Profiles.NONE);
        var plan = UpPlan.of(reading.file(), Overrides.none(Path.of("/src", name.substring(3))));
        var problems = new ArrayList<>(opened.problems());
        problems.addAll(reading.problems());
        problems.addAll(plan.problems());
        var text = new StringBuilder();
        for (var launch : plan.launches()) {
            text.append("start ").append(launch.instance()).append(" in ").append(launch.workingDirectory());
            text.append("\n  tulle ").append(String.join(" ", launch.arguments(Path.of("RUN"))));
            launch.environment()
                    .forEach((key, value) ->
                            text.append("\n  ").append(key).append('=').append(value));
            launch.needs()
                    .forEach(need -> text.append("\n  after ")
                            .append(need.entry())
                            .append(' ')
                            .append(need.condition()));
            text.append('\n');
        }
        plan.externals()
                .forEach(one -> text.append("external ")
                        .append(one.entry())
                        .append(" at ")
                        .append(one.at())
                        .append('\n'));
        UpReport.of(problems, true).lines().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** The folder as it is after a build. */
    private record Built(Surroundings folder, List<String> built) implements Surroundings {
        @Override
        public Optional<String> variable(String name) {
            return folder.variable(name);
        }

        @Override
        public Text file(String path) {
            return folder.file(path);
        }

        @Override
        public Kind kind(String path) {
            if (built.contains(path)) return Kind.FILE;
            return built.contains(path + "/") ? Kind.FOLDER : folder.kind(path);
        }
    }
}
