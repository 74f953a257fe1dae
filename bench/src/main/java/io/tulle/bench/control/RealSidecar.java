package io.tulle.bench.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A {@code tulle run} as it ships, beside an application that does nothing. It asks at its start for what a file says that it used before. */
final class RealSidecar implements AutoCloseable {
    private static final Pattern USED =
            Pattern.compile("(?m)^ *(?:DefNew|Tenured|def new generation|tenured generation) .*used (\\d+)K");
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final Path log;

    private RealSidecar(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param hosts canonical, of the services that its application has used */
    static RealSidecar start(Setting setting, Path folder, String name, List<String> hosts)
            throws IOException, InterruptedException {
        var used = Files.createDirectories(folder.resolve("default/used"));
        Files.writeString(used.resolve(name + ".ns0"), String.join("\n", hosts) + "\n");
        var builder = new ProcessBuilder(
                setting.launcher().toString(), "run", name, "--namespace", "ns0", "--", "sleep", "3600");
        builder.environment().put("TULLE_HOME", folder.toString());
        var log = folder.resolve(name + ".log");
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var sidecar = new RealSidecar(builder.start(), log);
        sidecar.awaitRest();
        return sidecar;
    }

    /** Until it has started and does nothing more for a second. */
    private void awaitRest() throws IOException, InterruptedException {
        var end = System.nanoTime() + START.toNanos();
        for (double last = 0, now; System.nanoTime() < end; last = now) {
            TimeUnit.SECONDS.sleep(1);
            if (!process.isAlive()) throw new IOException("tulle run ended: " + Files.readString(log));
            now = cpu();
            if (now > 0.5 && now - last < 0.05) return;
        }
        throw new IOException("tulle run does not come to rest: " + Files.readString(log));
    }

    /** Seconds of CPU that the process has used. */
    double cpu() throws IOException {
        return Server.cpuOf(process.pid());
    }

    /** MB of heap in use after one full collection. */
    double heap() throws IOException, InterruptedException {
        Server.jcmd(process.pid(), "GC.run");
        var found = USED.matcher(Server.jcmd(process.pid(), "GC.heap_info"));
        long used = 0;
        int generations = 0;
        for (; found.find(); generations++) used += Long.parseLong(found.group(1));
        if (generations == 0) throw new IOException("GC.heap_info says no size");
        return used / 1024.0;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
