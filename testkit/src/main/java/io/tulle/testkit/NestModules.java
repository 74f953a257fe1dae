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
        var shop = Garden.of("examples/shop").folder();
        if (Files.exists(shop.resolve(PROBE))) return shop;
        var copy = Garden.of("testkit/target/nest");
        Files.createDirectories(copy.folder());
        for (var file : LOCKED) {
            Files.copy(
                    shop.resolve(file),
                    copy.folder().resolve(file),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        copy.install("--omit=dev");
        return copy.folder();
    }
}
