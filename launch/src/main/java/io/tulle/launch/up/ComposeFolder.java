package io.tulle.launch.up;

import io.tulle.dialects.compose.EnvFile;
import io.tulle.dialects.compose.Surroundings;
import io.tulle.model.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The folder of a Compose file. Variables come from the caller's environment, then from the {@code .env} in the folder. */
public final class ComposeFolder implements Surroundings {
    private static final String DOT_ENV = ".env";

    private final Path folder;
    private final Function<String, Optional<String>> environment;
    private final Map<String, String> dotEnv;
    private final List<Problem> problems;

    private ComposeFolder(
            Path folder,
            Function<String, Optional<String>> environment,
            Map<String, String> dotEnv,
            List<Problem> problems) {
        this.folder = folder;
        this.environment = environment;
        this.dotEnv = Map.copyOf(dotEnv);
        this.problems = List.copyOf(problems);
    }

    /** Reads the {@code .env}; one that is there and cannot be read is a problem, as with Compose. */
    public static ComposeFolder open(Path folder, Function<String, Optional<String>> environment) {
        if (Files.isDirectory(folder.resolve(DOT_ENV))) { // Compose reads past it
            return new ComposeFolder(folder, environment, Map.of(), List.of());
        }
        return switch (read(folder.resolve(DOT_ENV))) {
            case Text.Missing() -> new ComposeFolder(folder, environment, Map.of(), List.of());
            case Text.Unreadable(var why) ->
                new ComposeFolder(
                        folder,
                        environment,
                        Map.of(),
                        List.of(UpCode.DOT_ENV.problem(folder.resolve(DOT_ENV) + " cannot be read: " + why)));
            case Text.Found(var text) -> {
                var file = EnvFile.parse(DOT_ENV, text, environment);
                yield new ComposeFolder(folder, environment, file.values(), file.problems());
            }
        };
    }

    /** Of {@code .env}. */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public Optional<String> variable(String name) {
        return environment.apply(name).or(() -> Optional.ofNullable(dotEnv.get(name)));
    }

    @Override
    public Text file(String path) {
        try {
            return read(folder.resolve(path));
        } catch (InvalidPathException _) {
            return new Text.Missing();
        }
    }

    @Override
    public Kind kind(String path) {
        try {
            var found = folder.resolve(path);
            return Files.isDirectory(found) ? Kind.FOLDER : Files.exists(found) ? Kind.FILE : Kind.NOTHING;
        } catch (InvalidPathException _) {
            return Kind.NOTHING;
        }
    }

    private static Text read(Path path) {
        try {
            return new Text.Found(Files.readString(path));
        } catch (NoSuchFileException _) {
            return new Text.Missing();
        } catch (AccessDeniedException _) {
            return new Text.Unreadable("you have no permission to read it");
        } catch (CharacterCodingException _) {
            return new Text.Unreadable("it is not UTF-8");
        } catch (IOException e) {
            return new Text.Unreadable(String.valueOf(e.getMessage()));
        }
    }
}
