package io.tulle.launch.netns;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The system calls for network namespaces, which Java has no words for. They concern the calling thread alone: a thread
 * is in a namespace, and what it opens stays in the one where it was opened.
 */
final class Kernel {
    private static final int CLONE_NEWNET = 0x4000_0000; // linux/sched.h
    private static final int O_RDONLY_CLOEXEC = 0x8_0000; // asm-generic/fcntl.h
    private static final MethodHandle UNSHARE = call("unshare", ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = call("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle OPEN = call("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = call("close", ValueLayout.JAVA_INT);
    private static final int ERRNO_AT = (int) Linker.Option.captureStateLayout()
            .byteOffset(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));

    private Kernel() {}

    /** The kernel said no; its error number says why (1 is EPERM). */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed(String call, int errno) {
            super(call + ": error " + errno + (errno == 1 ? " (operation not permitted)" : ""));
        }
    }

    @FunctionalInterface
    private interface Call {
        int with(Arena arena, MemorySegment state) throws Throwable;
    }

    /** Puts this thread into a new namespace, where only a loopback interface is, and that is down. */
    static void unshareNetwork() {
        checked("unshare", (_, state) -> (int) UNSHARE.invokeExact(state, CLONE_NEWNET));
    }

    /** Puts this thread into the namespace that a descriptor stands for. */
    static void enter(int descriptor) {
        checked("setns", (_, state) -> (int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET));
    }

    /** Opens a file that no child process inherits. */
    static int open(String path) {
        return checked("open " + path, (arena, state) ->
                (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_RDONLY_CLOEXEC));
    }

    static void close(int descriptor) {
        checked("close", (_, state) -> (int) CLOSE.invokeExact(state, descriptor));
    }

    private static int checked(String name, Call call) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            var result = call.with(arena, state);
            if (result < 0) throw new Failed(name, state.get(ValueLayout.JAVA_INT, ERRNO_AT));
            return result;
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @SuppressWarnings("restricted") // the signatures below are those of the C library on every Linux
    private static MethodHandle call(String name, java.lang.foreign.MemoryLayout... takes) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, takes),
                Linker.Option.captureCallState("errno"));
    }
}
