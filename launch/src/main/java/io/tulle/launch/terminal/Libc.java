package io.tulle.launch.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The dozen calls of the C library about terminals, process groups and signals that Java has no words for (termios(3),
 * pty(7), credentials(7)). Numbers are those of Linux on x86-64 and arm64.
 */
final class Libc {
    /** Open for both ways, without becoming this process's terminal, gone in what it starts. */
    static final int O_RDWR_NOCTTY_CLOEXEC = 0x2 | 0x100 | 0x80000;

    static final int SIGCONT = 18;
    static final int SIGSTOP = 19;

    private static final long TIOCGWINSZ = 0x5413;
    private static final long TIOCSWINSZ = 0x5414;
    private static final short POLLIN = 1;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout PTR = ValueLayout.ADDRESS;
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle OPEN = variadic("open", 2, INT, PTR, INT);
    private static final MethodHandle POSIX_OPENPT = handle("posix_openpt", INT, INT);
    private static final MethodHandle GRANTPT = handle("grantpt", INT, INT);
    private static final MethodHandle UNLOCKPT = handle("unlockpt", INT, INT);
    private static final MethodHandle PTSNAME = handle("ptsname_r", INT, INT, PTR, LONG);
    private static final MethodHandle TCGETATTR = handle("tcgetattr", INT, INT, PTR);
    private static final MethodHandle TCSETATTR = handle("tcsetattr", INT, INT, INT, PTR);
    private static final MethodHandle CFMAKERAW = proc("cfmakeraw", PTR);
    private static final MethodHandle IOCTL = variadic("ioctl", 2, INT, INT, LONG, PTR);
    private static final MethodHandle POLL = handle("poll", INT, PTR, LONG, INT);
    private static final MethodHandle READ = handle("read", LONG, INT, PTR, LONG);
    private static final MethodHandle WRITE = handle("write", LONG, INT, PTR, LONG);
    private static final MethodHandle CLOSE = handle("close", INT, INT);
    private static final MethodHandle KILL = handle("kill", INT, INT, INT);
    private static final MethodHandle TCGETPGRP = handle("tcgetpgrp", INT, INT);
    private static final MethodHandle GETPGID = handle("getpgid", INT, INT);
    private static final MethodHandle GETSID = handle("getsid", INT, INT);

    private Libc() {}

    /** @return the descriptor, or -1 */
    static int open(String path) {
        try (var arena = Arena.ofConfined()) {
            return (int) OPEN.invokeExact(arena.allocateFrom(path), O_RDWR_NOCTTY_CLOEXEC);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** A pseudoterminal's own end, ready for the other to be opened; -1 when the system has none left. */
    static int openPty() {
        try {
            var master = (int) POSIX_OPENPT.invokeExact(O_RDWR_NOCTTY_CLOEXEC);
            if (master < 0) return -1;
            if ((int) GRANTPT.invokeExact(master) == 0 && (int) UNLOCKPT.invokeExact(master) == 0) return master;
            close(master);
            return -1;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static Optional<String> otherEnd(int master) {
        try (var arena = Arena.ofConfined()) {
            var name = arena.allocate(64);
            var failed = (int) PTSNAME.invokeExact(master, name, name.byteSize());
            return failed == 0 ? Optional.of(name.getString(0, StandardCharsets.US_ASCII)) : Optional.empty();
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** @return whether there was a terminal to ask */
    static boolean modes(int fd, MemorySegment termios) {
        try {
            return (int) TCGETATTR.invokeExact(fd, termios) == 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Sets the modes once all output is written (TCSADRAIN), so that none of it appears in the wrong mode. */
    static boolean setModes(int fd, MemorySegment termios) {
        try {
            return (int) TCSETATTR.invokeExact(fd, 1, termios) == 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void makeRaw(MemorySegment termios) {
        try {
            CFMAKERAW.invokeExact(termios);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Gives one terminal the size of another. */
    static void copySize(int from, int to) {
        try (var arena = Arena.ofConfined()) {
            var size = arena.allocate(8);
            if ((int) IOCTL.invokeExact(from, TIOCGWINSZ, size) == 0) {
                var _ = (int) IOCTL.invokeExact(to, TIOCSWINSZ, size);
            }
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Whether something can be read (an end counts) before the time is over. */
    static boolean isReadable(int fd, int millis) {
        try (var arena = Arena.ofConfined()) {
            var asked = arena.allocate(8, 4);
            asked.set(INT, 0, fd);
            asked.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            return (int) POLL.invokeExact(asked, 1L, millis) > 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** @return how many bytes; 0 or less at the end */
    static int read(int fd, byte[] into) {
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(into.length);
            var count = (int) (long) READ.invokeExact(fd, bytes, (long) into.length);
            if (count > 0) MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, into, 0, count);
            return count;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Writes them all, or says that nobody takes them any more. */
    static boolean write(int fd, byte[] bytes, int from, int count) {
        try (var arena = Arena.ofConfined()) {
            var segment = arena.allocate(Math.max(1, count));
            MemorySegment.copy(bytes, from, segment, ValueLayout.JAVA_BYTE, 0, count);
            for (long done = 0; done < count; ) {
                var written = (long) WRITE.invokeExact(fd, segment.asSlice(done), count - done);
                if (written <= 0) return false;
                done += written;
            }
            return true;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void close(int fd) {
        try {
            var _ = (int) CLOSE.invokeExact(fd);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** @param target a process; negative for a process group; 0 for this process's own group */
    static boolean kill(int target, int signal) {
        try {
            return (int) KILL.invokeExact(target, signal) == 0;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The group that a terminal's keys signal; 0 or less when it has none. */
    static int foregroundOf(int fd) {
        try {
            return (int) TCGETPGRP.invokeExact(fd);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The process group of a process; 0 is this one. */
    static int groupOf(int process) {
        try {
            return (int) GETPGID.invokeExact(process);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The session of a process; 0 is this one. */
    static int sessionOf(int process) {
        try {
            return (int) GETSID.invokeExact(process);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static MethodHandle handle(String name, MemoryLayout answer, MemoryLayout... arguments) {
        return find(name, FunctionDescriptor.of(answer, arguments));
    }

    private static MethodHandle proc(String name, MemoryLayout... arguments) {
        return find(name, FunctionDescriptor.ofVoid(arguments));
    }

    /** A function with {@code ...} in its prototype: on some machines those arguments travel in other registers. */
    private static MethodHandle variadic(String name, int fixed, MemoryLayout answer, MemoryLayout... arguments) {
        return find(name, FunctionDescriptor.of(answer, arguments), Linker.Option.firstVariadicArg(fixed));
    }

    @SuppressWarnings("restricted") // the launcher allows native access
    private static MethodHandle find(String name, FunctionDescriptor shape, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("a call of the C library could not be made", e);
    }
}
