package io.tulle.it.process;

import io.tulle.launch.terminal.Pty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A person at a terminal in which one command runs: types, and waits for what the screen shows. */
final class Seat implements AutoCloseable {
    static final String CTRL_C = "\u0003";
    static final String CTRL_Z = "\u001a";
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final Pty pty;
    private final Process process;
    private final StringBuilder screen = new StringBuilder();
    private int seen;

    private Seat(Pty pty, Process process) {
        this.pty = pty;
        this.process = process;
    }

    /** Starts a command in a session of its own on a new terminal. */
    static Seat at(List<String> command, Map<String, String> environment) throws IOException {
        var pty = Pty.open().orElseThrow();
        var words = new ArrayList<>(List.of(
                "bash",
                "-c",
                // As at a login no signal is ignored, whatever runs the tests (nohup ignores some, and children inherit
                // it).
                "exec <>\"$0\" >&0 2>&0 env --default-signal setsid -c \"$@\"",
                pty.otherEnd().toString()));
        words.addAll(command);
        var builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        var seat = new Seat(pty, builder.start());
        Thread.ofPlatform().daemon().name("screen").start(seat::watch);
        return seat;
    }

    void type(String keys) {
        var bytes = keys.getBytes(StandardCharsets.UTF_8);
        pty.write(bytes, 0, bytes.length);
    }

    /** Waits until the screen shows this, after what was waited for before. */
    synchronized void sees(String text) throws InterruptedException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        for (var at = screen.indexOf(text, seen); ; at = screen.indexOf(text, seen)) {
            if (at >= 0) {
                seen = at + text.length();
                return;
            }
            var left = end - System.nanoTime();
            if (left <= 0) throw new AssertionError("no '" + text + "' on the screen:\n" + screen);
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    synchronized String screen() {
        return screen.toString();
    }

    /** What the command exits with. */
    int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running:\n" + screen());
        }
        return process.exitValue();
    }

    private void watch() {
        var bytes = new byte[8192];
        for (var count = pty.read(bytes); count > 0; count = pty.read(bytes)) {
            synchronized (this) {
                screen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
                notifyAll();
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        pty.close();
    }
}
