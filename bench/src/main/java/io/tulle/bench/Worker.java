package io.tulle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One proxy process and what the kernel says of it. */
final class Worker implements AutoCloseable {
    /** {@code USER_HZ}, which is 100 on every Linux that Java runs on. */
    private static final long TICK_MICROS = 10_000;

    private final Process process;

    Worker(Process process) {
        this.process = process;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** User and system time of all its threads until now, the ended ones too (proc_pid_stat(5), fields 14 and 15). */
    long cpuMicros() {
        var stat = read("stat");
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MICROS;
    }

    /** Resident memory, with what it shares. */
    long rssKib() {
        return kib("status", "VmRSS");
    }

    /** Resident memory, with its part of what it shares. */
    long pssKib() {
        return kib("smaps_rollup", "Pss");
    }

    private long kib(String file, String field) {
        var matcher = Pattern.compile("(?m)^" + field + ":\\s+(\\d+) kB").matcher(read(file));
        if (!matcher.find()) throw new IllegalStateException(file + " of " + pid() + " has no " + field);
        return Long.parseLong(matcher.group(1));
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid() + " has ended: see its log", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
