package io.tulle.launch.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** How a terminal treats keys and output: {@code struct termios}, by glibc's layout on Linux. */
final class Modes {
    private static final long SIZE = 60;
    private static final long OUTPUT = 4;
    private static final long LOCAL = 12;
    private static final long KEYS = 17;

    private static final int ONLCR = 0x4; // c_oflag: a line feed goes out with a carriage return
    private static final int ISIG = 0x1; // c_lflag: keys such as Ctrl-C send signals
    private static final int VINTR = 0;
    private static final int VSUSP = 10;

    private final MemorySegment termios;

    private Modes(MemorySegment termios) {
        this.termios = termios;
    }

    /**
     * The modes of a terminal as they are.
     *
     * @throws IllegalArgumentException when the descriptor is no terminal's
     */
    static Modes of(int fd) {
        var termios = Arena.ofAuto().allocate(SIZE, 4);
        if (!Libc.modes(fd, termios)) throw new IllegalArgumentException("descriptor " + fd + " is no terminal");
        return new Modes(termios);
    }

    static boolean isTerminal(int fd) {
        try (var arena = Arena.ofConfined()) {
            return Libc.modes(fd, arena.allocate(SIZE, 4));
        }
    }

    /** Every key as it is pressed, with no meaning; output is still made ready for the screen. */
    Modes raw() {
        var copy = copy();
        Libc.makeRaw(copy);
        copy.set(ValueLayout.JAVA_INT, OUTPUT, termios.get(ValueLayout.JAVA_INT, OUTPUT));
        return new Modes(copy);
    }

    /** Line feeds go out alone, for a terminal behind which another one adds the carriage return. */
    Modes withPlainLines() {
        var copy = copy();
        copy.set(ValueLayout.JAVA_INT, OUTPUT, copy.get(ValueLayout.JAVA_INT, OUTPUT) & ~ONLCR);
        return new Modes(copy);
    }

    boolean putOn(int fd) {
        return Libc.setModes(fd, termios);
    }

    /** Whether this key asks to interrupt (Ctrl-C unless the user chose another). */
    boolean interrupts(byte key) {
        return isSignal(key, VINTR);
    }

    /** Whether this key asks to suspend (Ctrl-Z). */
    boolean suspends(byte key) {
        return isSignal(key, VSUSP);
    }

    private boolean isSignal(byte key, int which) {
        return (termios.get(ValueLayout.JAVA_INT, LOCAL) & ISIG) != 0
                && key != 0 // 0 stands for "no such key"
                && termios.get(ValueLayout.JAVA_BYTE, KEYS + which) == key;
    }

    private MemorySegment copy() {
        return Arena.ofAuto().allocate(SIZE, 4).copyFrom(termios);
    }
}
