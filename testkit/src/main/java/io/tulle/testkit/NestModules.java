package io.tulle.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Where the shop's npm packages are: in the shop where somebody installed them, else a copy that is installed once under
 * {@code target}, by the shop's own lock file. So a test against real Nest runs wherever the build runs, and is never skipped.
 */
final class NestModules {
    private static final String PROBE = "node_modules/@nestjs/microservices/index.js";
    private static final List<String> LOCKED = List.of("package.json", "package-lock.json", ".npmrc");

    private NestModules() {}

    /** The folder that holds {@code node_modules}. */
    static synchronized Path folder() throws IOException, InterruptedException {
        var root = Path.of(System.getProperty("tulle.root", "."));
        var shop = root.resolve("examples/shop");
        if (Files.exists(shop.resolve(PROBE))) return shop;
        var copy = root.resolve("testkit/target/nest").toAbsolutePath();
        if (Files.exists(copy.resolve(PROBE))) return copy;
        Files.createDirectories(copy);
        for (var file : LOCKED) {
            Files.copy(shop.resolve(file), copy.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var install = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--omit=dev", "--no-fund", "--no-audit")
                .directory(copy.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(install.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (install.waitFor() != 0) throw new IOException("npm ci failed in " + copy + ": " + said);
        return copy;
    }
}
