package io.tulle.bench.control;

import io.tulle.cli.api.Mesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The control plane that is measured: {@code tulle control} as it ships, with a state folder of its own. */
final class Server implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("\"xds\":\"([^\"]+):(\\d+)\"");
    private static final Pattern PID = Pattern.compile("\"pid\":(\\d+)");
    private static final int TICKS_A_SECOND = 100; // USER_HZ, fixed on Linux

    private final Process process;
    private final Path run;
    private final long pid;
    private final InetSocketAddress xds;

    private Server(Process process, Path run, String file) {
        this.process = process;
        this.run = run;
        var address = ADDRESS.matcher(file);
        var id = PID.matcher(file);
        if (!address.find() || !id.find()) throw new IllegalStateException("not understood: " + file);
        this.xds = new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2)));
        this.pid = Long.parseLong(id.group(1));
    }

    static Server start(Setting setting, Path folder) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                setting.launcher().toString(), "control", "--api", "127.0.0.1:0", "--listen", "127.0.0.1:0");
        builder.environment().put("TULLE_HOME", folder.toString());
        builder.environment().put("TULLE_JVM_FLAGS", "-Xmx" + setting.heap());
        builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("control.log").toFile());
        var process = builder.start();
        var end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try (var files = Files.walk(folder)) {
                var file = files.filter(f -> f.endsWith("control.json")).findFirst();
                if (file.isPresent()) {
                    return new Server(process, file.get().resolveSibling(""), Files.readString(file.get()));
                }
            } catch (UncheckedIOException _) {
                // a file that was there a moment ago
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IOException("tulle control did not start: " + Files.readString(folder.resolve("control.log")));
    }

    InetSocketAddress xds() {
        return xds;
    }

    Path socket() {
        return run.resolve("xds.sock");
    }

    Mesh api() {
        return new Mesh(run.resolve("api.sock"));
    }

    /** Seconds of CPU that the process has used, its garbage collector's and compiler's included. */
    double cpu() throws IOException {
        return cpuOf(pid);
    }

    static double cpuOf(long process) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_A_SECOND;
    }

    /** What the JDK's own tool answers about a JVM. */
    static String jcmd(long process, String command) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asked = new ProcessBuilder(jcmd, Long.toString(process), command)
                .redirectErrorStream(true)
                .start();
        var answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (asked.waitFor() != 0) throw new IOException("jcmd " + command + " failed: " + answer);
        return answer;
    }

    /** MB of proportional set size, after one full collection. */
    double memory() throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
        throw new IOException("smaps_rollup has no Pss");
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
