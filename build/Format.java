import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or rewrites the format of every Java file below a folder: {@code Format check|write FOLDER}.
 * Runs as a process of its own on the toolchain's JDK, because Maven itself may run on a Java too old to parse the code.
 */
final class Format {
    private static final List<String> SKIPPED = List.of("target", "node_modules", ".git");

    public static void main(String[] args) throws Exception {
        var write = args[0].equals("write");
        var formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        var wrong = new ArrayList<String>();
        var unreadable = new ArrayList<String>();
        List<Path> files;
        try (var walk = Files.walk(Path.of(args[1]))) {
            files = walk.filter(Format::counts).sorted().toList();
        }
        for (var file : files) {
            try {
                var source = Files.readString(file);
                var formatted = formatter.formatSource(ImportOrderer.reorderImports(
                        RemoveUnusedImports.removeUnusedImports(source), JavaFormatterOptions.Style.PALANTIR));
                if (formatted.equals(source)) continue;
                if (write) Files.writeString(file, formatted);
                wrong.add(file.toString());
            } catch (FormatterException e) {
                unreadable.add(file + ": " + e.getMessage());
            }
        }
        wrong.forEach(path -> System.out.println((write ? "formatted " : "not formatted: ") + path));
        unreadable.forEach(path -> System.out.println("not readable: " + path));
        if (!write && !wrong.isEmpty()) System.out.println("fix: build/format.sh");
        if (!unreadable.isEmpty() || (!write && !wrong.isEmpty())) System.exit(1);
    }

    private static boolean counts(Path path) {
        if (!path.toString().endsWith(".java")) return false;
        for (var part : path) {
            if (SKIPPED.contains(part.toString())) return false;
        }
        return Files.isRegularFile(path);
    }
}
