package io.tulle.launch.terminal;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A pseudoterminal: what is written here, the process at the other end reads as typed, and the reverse. */
public final class Pty implements AutoCloseable {
    private final int master;
    private final Path otherEnd;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Pty(int master, Path otherEnd) {
        this.master = master;
        this.otherEnd = otherEnd;
    }

    /** @return empty when the system has none to give */
    public static Optional<Pty> open() {
        var master = Libc.openPty();
        if (master < 0) return Optional.empty();
        return Libc.otherEnd(master).map(name -> new Pty(master, Path.of(name)));
    }

    /** The device that a process opens as its terminal. */
    public Path otherEnd() {
        return otherEnd;
    }

    /** Types. */
    public boolean write(byte[] bytes, int from, int count) {
        return Libc.write(master, bytes, from, count);
    }

    /** Whether there is something to read, or an end to find, before the time is over. */
    public boolean isReadable(int millis) {
        return Libc.isReadable(master, millis);
    }

    /** @return how many bytes; 0 or less when nobody has the other end open any more */
    public int read(byte[] into) {
        return Libc.read(master, into);
    }

    /** The modes that the process at the other end has chosen. */
    Modes modes() {
        return Modes.of(master);
    }

    /** Gives it the modes and the size of a terminal, but no carriage returns, which that one adds. */
    void lookLike(int terminal) {
        Modes.of(terminal).withPlainLines().putOn(master);
        sizeAs(terminal);
    }

    void sizeAs(int terminal) {
        Libc.copySize(terminal, master);
    }

    /** Stops or continues whoever has the other end in the foreground. */
    void signal(int signal) {
        var group = Libc.foregroundOf(master);
        if (group > 1) Libc.kill(-group, signal);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) Libc.close(master);
    }
}
