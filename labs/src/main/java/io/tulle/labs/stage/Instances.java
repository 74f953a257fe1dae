package io.tulle.labs.stage;

import io.tulle.launch.up.Ready;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The instances that {@code up} runs, found as {@code ps} of the operating system and their run directories tell. */
public final class Instances {
    private final Path project;

    Instances(Path project) {
        this.project = project;
    }

    /**
     * One that runs.
     *
     * @param application its process
     * @param launcher the process of its {@code tulle run}, which is also its sidecar
     * @param admin the sidecar's admin pages
     */
    public record Running(String name, ProcessHandle application, ProcessHandle launcher, InetSocketAddress admin) {
        /** {@code kill -9} of the application alone. */
        public void killApplication() {
            application.destroyForcibly();
        }

        /** {@code kill -9} of its {@code tulle run}: sidecar and launcher at once. */
        public void killLauncher() {
            launcher.destroyForcibly();
        }

        /** What Prometheus would read. */
        public Scrape scrape() {
            return Scrape.of(page("/stats/prometheus"));
        }

        /** One of the sidecar's admin pages. */
        public String page(String path) {
            try (var in = URI.create("http://127.0.0.1:" + admin.getPort() + path)
                    .toURL()
                    .openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new Unmet("the admin page " + path + " of " + name + " cannot be read: " + e);
            }
        }
    }

    /** All that are ready now, by name. */
    public List<Running> all() {
        try (var entries = Files.list(project)) {
            var found = new ArrayList<Running>();
            entries.filter(path -> Files.exists(path.resolve(Ready.FILE)))
                    .sorted()
                    .forEach(path -> running(path).ifPresent(found::add));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Running named(String name) {
        return all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Unmet("no " + name + " is running"));
    }

    /** The shop's services call themselves host-pid; this is the name that the mesh has for it. */
    public String nameOf(String hostAndPid) {
        var pid = Long.parseLong(hostAndPid.substring(hostAndPid.lastIndexOf('-') + 1));
        return all().stream()
                .filter(one -> one.application().pid() == pid
                        || one.application().descendants().anyMatch(below -> below.pid() == pid))
                .map(Running::name)
                .findFirst()
                .orElse(hostAndPid);
    }

    private Optional<Running> running(Path directory) {
        var folder = directory.getFileName().toString();
        var dot = folder.indexOf('.'); // cart-1.2 is the third life of cart-1
        var application = process(directory);
        var launcher = process(directory.resolveSibling("guard-" + folder));
        var admin = Ready.read(directory).map(Ready::admin).orElse(0);
        return application.flatMap(app -> launcher.map(run -> new Running(
                dot < 0 ? folder : folder.substring(0, dot),
                app,
                run,
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), admin))));
    }

    private static Optional<ProcessHandle> process(Path directory) {
        try {
            var pid = Files.readString(directory.resolve("application.pid")).strip();
            return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
        } catch (IOException | NumberFormatException _) {
            return Optional.empty(); // it is ending
        }
    }
}
