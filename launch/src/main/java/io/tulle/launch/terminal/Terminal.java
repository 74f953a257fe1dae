package io.tulle.launch.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The terminal that this process was started from; any thread. */
final class Terminal {
    private static final int STANDARD_INPUT = 0;

    private final int fd;
    private final Modes found;
    private boolean raw;
    private boolean done;

    private Terminal(int fd, Modes found) {
        this.fd = fd;
        this.found = found;
    }

    /** Empty when standard input is no terminal, or when this process stands in the background of it. */
    static Optional<Terminal> ofThisProcess() {
        if (!isStandardInput()) return Optional.empty();
        var fd = Libc.open("/dev/tty");
        if (fd < 0) return Optional.empty();
        var terminal = new Terminal(fd, Modes.of(fd));
        if (terminal.isOurs()) return Optional.of(terminal);
        Libc.close(fd);
        return Optional.empty();
    }

    static boolean isStandardInput() {
        return looksLikeOne() && Modes.isTerminal(STANDARD_INPUT);
    }

    /** Spares processes without a terminal the binding of native calls. */
    private static boolean looksLikeOne() {
        try {
            var input = Files.readSymbolicLink(Path.of("/proc/self/fd/0"));
            return input.startsWith("/dev") && !input.equals(Path.of("/dev/null"));
        } catch (IOException _) {
            return false;
        }
    }

    int fd() {
        return fd;
    }

    /** Whether keys come to this process now: after Ctrl-Z they are the shell's. */
    private boolean isOurs() {
        return Libc.foregroundOf(fd) == Libc.groupOf(0);
    }

    /** Whether a shell is there that can continue this process once it is stopped. */
    boolean hasJobControl() {
        var parent = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
        return parent > 1
                && Libc.sessionOf(parent.intValue()) == Libc.sessionOf(0)
                && Libc.groupOf(parent.intValue()) != Libc.groupOf(0);
    }

    /**
     * Takes every key as it is pressed, from now on.
     *
     * @return whether they come to this process
     */
    synchronized boolean takeKeys() {
        if (done || !isOurs()) return false; // who sets modes from the background is stopped for it
        if (!raw) raw = found.raw().putOn(fd);
        return raw;
    }

    /** Puts the modes back as they were found, where keys still come to this process. */
    synchronized void giveBack() {
        if (raw && isOurs()) found.putOn(fd);
        raw = false;
    }

    synchronized void giveBackForGood() {
        giveBack();
        done = true;
    }
}
