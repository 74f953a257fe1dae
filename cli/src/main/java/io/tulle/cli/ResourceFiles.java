package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import io.tulle.dialects.Checks;
import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.WorldReader;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Problem;
import io.tulle.model.world.MeshSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The documents of files, folders and standard input, read and judged by the code that the control plane runs. */
final class ResourceFiles {
    private final List<Resource> resources = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    /** For a check before the mesh's own: which namespace is the root is the mesh's to judge. */
    private static final MeshSettings ANY_MESH = MeshSettings.DEFAULT.withRoot("istio-system");

    private ResourceFiles() {}

    /**
     * Reads them all and reports every problem at once.
     *
     * @param sources file and folder names; {@code -} is standard input
     * @param told hears what only this side knows: documents that were skipped
     * @throws Failures.Failure when a file cannot be read or a document has an error
     */
    static List<Resource> read(List<String> sources, String namespace, Consumer<Problem> told) {
        var files = new ResourceFiles();
        for (var source : sources) files.source(source, namespace);
        var ofHeads = List.copyOf(files.problems);
        files.problems.addAll(WorldReader.read(0, ANY_MESH, files.resources).problemsBeforeUse());
        if (files.problems.stream().anyMatch(Problem::isError))
            throw new Failures.Failure(Exit.FINDINGS, files.problems);
        ofHeads.forEach(told);
        if (files.resources.isEmpty() && ofHeads.isEmpty()) throw nothing(sources);
        return files.resources;
    }

    /** Every problem of the files, and what only shows when they are seen together: they are all there is. */
    static List<Problem> problems(List<String> sources, String namespace, MeshSettings settings) {
        var files = new ResourceFiles();
        for (var source : sources) files.source(source, namespace);
        var reading = WorldReader.read(0, settings, files.resources);
        files.problems.addAll(reading.problemsBeforeUse());
        files.problems.addAll(Checks.run(reading.world(), files.resources, List.of()));
        return files.problems.stream().distinct().toList();
    }

    /** An empty pipe is more often a failure on its other side than what somebody meant. */
    private static Failures.Failure nothing(List<String> sources) {
        var names = sources.stream()
                .map(source -> source.equals("-") ? "standard input" : source)
                .collect(Collectors.joining(", "));
        return new Failures.Failure(
                Exit.FINDINGS, List.of(CliCode.NO_DOCUMENTS.problem("there is no document in " + names)));
    }

    private void source(String source, String namespace) {
        try {
            if (source.equals("-")) {
                document("standard input", System.in.readAllBytes(), namespace);
                return;
            }
            var path = Path.of(source);
            if (!Files.isDirectory(path)) {
                document(source, Files.readAllBytes(path), namespace);
                return;
            }
            for (var file : documentsIn(path)) document(file.toString(), Files.readAllBytes(file), namespace);
        } catch (IOException e) {
            problems.add(CliCode.FILE_UNREADABLE.problem(
                    "cannot read " + source + ": " + Failures.reason(e),
                    "name a file, a folder, or - for standard input"));
        }
    }

    private void document(String name, byte[] bytes, String namespace) {
        var read = ResourceReader.read(new Reader().read(name, bytes), namespace);
        resources.addAll(read.resources());
        problems.addAll(read.problems());
    }

    private static List<Path> documentsIn(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .toList();
        }
    }
}
