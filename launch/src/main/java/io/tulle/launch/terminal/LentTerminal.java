package io.tulle.launch.terminal;

import io.tulle.launch.process.Signals;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The person's terminal, lent to an application. Keys go to the application and its output to the screen, but Ctrl-C is told
 * to the launcher, who drains first, and Ctrl-Z stops both and gives the terminal to the shell. While the application takes
 * keys without meaning, as a REPL or an editor does, these two are its own.
 *
 * <pre>
 * person ⇄ terminal (raw) ⇄ this ⇄ pseudoterminal (the application's modes) ⇄ application
 * </pre>
 *
 * Making the application the terminal's foreground (tcsetpgrp(3)) would be less, but then the kernel sends it Ctrl-C at
 * once, and nobody can drain first.
 */
public final class LentTerminal implements AutoCloseable {
    private static final int LOOK_AGAIN = 200; // ms: nothing tells of a shell's `fg`
    private static final int NOTHING = -1; // as a descriptor for poll(2): only time passes

    private final Terminal terminal;
    private final Pty pty;
    private final Runnable interrupted;
    private final OutputStream copy;
    private final Thread keys =
            Thread.ofPlatform().daemon().name("terminal-keys").unstarted(this::keys);
    private final Thread screen =
            Thread.ofPlatform().daemon().name("terminal-screen").unstarted(this::screen);
    private volatile boolean closed;
    private volatile boolean stopped;

    private LentTerminal(Terminal terminal, Pty pty, Runnable interrupted, OutputStream copy) {
        this.terminal = terminal;
        this.pty = pty;
        this.interrupted = interrupted;
        this.copy = copy;
    }

    /**
     * Lends the terminal of this process; empty where it stands in the foreground of none.
     *
     * @param interrupted hears of each Ctrl-C, on a thread of its own
     * @param copy gets what the screen gets
     */
    public static Optional<LentTerminal> lend(Runnable interrupted, OutputStream copy) {
        return Terminal.ofThisProcess()
                .flatMap(terminal -> Pty.open().map(pty -> {
                    var lent = new LentTerminal(terminal, pty, interrupted, copy);
                    lent.start();
                    return lent;
                }));
    }

    /** Whether standard input is a terminal at all, lent or not. */
    public static boolean isThere() {
        return Terminal.isStandardInput();
    }

    /** Whether a descriptor of this process is a terminal. */
    public static boolean isTerminal(int fd) {
        return Modes.isTerminal(fd);
    }

    /** The device that is the application's terminal. */
    public Path device() {
        return pty.otherEnd();
    }

    private void start() {
        pty.lookLike(terminal.fd());
        Signals.take(List.of("WINCH"), () -> pty.sizeAs(terminal.fd()));
        Signals.take(List.of("CONT"), this::continued);
        Runtime.getRuntime().addShutdownHook(new Thread(terminal::giveBackForGood, "terminal"));
        keys.start();
        screen.start();
    }

    private void keys() {
        var bytes = new byte[4096];
        while (!closed) {
            if (stopped || !terminal.takeKeys()) {
                Libc.isReadable(NOTHING, LOOK_AGAIN);
            } else if (Libc.isReadable(terminal.fd(), LOOK_AGAIN)) {
                var count = Libc.read(terminal.fd(), bytes);
                if (count <= 0) break; // hung up
                pressed(bytes, count);
            }
        }
    }

    private void pressed(byte[] bytes, int count) {
        var modes = pty.modes();
        var from = 0;
        for (var i = 0; i < count; i++) {
            var interrupts = modes.interrupts(bytes[i]);
            if (!interrupts && !modes.suspends(bytes[i])) continue;
            pty.write(bytes, from, i - from);
            from = i + 1;
            if (interrupts) Thread.ofPlatform().daemon().name("interrupted").start(interrupted);
            else suspend();
        }
        pty.write(bytes, from, count - from);
    }

    /** What Ctrl-Z does: without a shell that could continue us, nothing. */
    private void suspend() {
        if (!terminal.hasJobControl()) return;
        stopped = true;
        pty.signal(Libc.SIGSTOP); // the stop that the terminal sends is not for a session's only group (setpgid(2))
        terminal.giveBack();
        Libc.kill(0, Libc.SIGSTOP);
    }

    private void continued() {
        terminal.giveBack(); // whatever the shell did to it meanwhile
        stopped = false;
        pty.sizeAs(terminal.fd());
        pty.signal(Libc.SIGCONT);
    }

    private void screen() {
        var bytes = new byte[8192];
        while (true) {
            if (pty.isReadable(LOOK_AGAIN)) {
                var count = pty.read(bytes);
                if (count > 0) {
                    Libc.write(terminal.fd(), bytes, 0, count);
                    copied(bytes, count);
                } else if (isOver()) {
                    return; // nobody has it open any more
                }
            } else if (closed) {
                return; // something that the application left behind holds it open
            }
        }
    }

    private void copied(byte[] bytes, int count) {
        try {
            copy.write(bytes, 0, count);
        } catch (IOException _) {
            // the screen has shown it
        }
    }

    /** Nobody has the other end open. An application that is started again opens it anew, which nothing tells. */
    private synchronized boolean isOver() {
        try {
            if (!closed) TimeUnit.MILLISECONDS.timedWait(this, LOOK_AGAIN);
        } catch (InterruptedException _) {
            return true;
        }
        return closed;
    }

    /** Shows what was still to be shown and gives the terminal back as it was found. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            screen.join();
            copy.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // the screen has shown it
        }
        terminal.giveBackForGood();
        // The descriptors end with this process: the thread for keys may be about to look at them once more.
    }
}
