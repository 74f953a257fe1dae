package io.tulle.launch.netns;

import java.util.List;

/**
 * A network namespace without a name: it is there as long as a process is in it or somebody holds this. Nothing has to be
 * removed, however its users end.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final String HERE = "/proc/thread-self/ns/net";

    private final int outside;
    private final int inside;

    private NetworkNamespace(int outside, int inside) {
        this.outside = outside;
        this.inside = inside;
    }

    /**
     * Makes a new one. The calling thread stays where it is.
     *
     * @throws NetnsCode.Refused when the kernel does not allow it
     */
    static NetworkNamespace create() {
        var outside = Kernel.open(HERE);
        try {
            Kernel.unshareNetwork();
        } catch (Kernel.Failed no) {
            Kernel.close(outside);
            throw NetnsCode.NOT_PERMITTED.refused(String.valueOf(no.getMessage()));
        }
        try {
            return new NetworkNamespace(outside, Kernel.open(HERE));
        } finally {
            Kernel.enter(outside);
        }
    }

    /**
     * The one that a process is in.
     *
     * @throws NetnsCode.Refused when it has ended
     */
    public static NetworkNamespace of(long pid) {
        var outside = Kernel.open(HERE);
        try {
            return new NetworkNamespace(outside, Kernel.open("/proc/" + pid + "/ns/net"));
        } catch (Kernel.Failed gone) {
            Kernel.close(outside);
            throw NetnsCode.NOT_PERMITTED.refused(String.valueOf(gone.getMessage()));
        }
    }

    /**
     * Does something in it: the sockets that are made meanwhile belong to it for ever. Nothing else should be done, since
     * a thread that is started meanwhile would stay there too. Not on a virtual thread, whose carrier others use.
     */
    public void within(Runnable work) {
        if (Thread.currentThread().isVirtual()) throw new IllegalStateException("a virtual thread cannot go anywhere");
        Kernel.enter(inside);
        try {
            work.run();
        } finally {
            Kernel.enter(outside);
        }
    }

    /** Where the kernel shows it, for tools; valid as long as this process holds it. */
    String path() {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + inside;
    }

    /** The words before a command that is to run in it. */
    List<String> entering() {
        return List.of("nsenter", "--net=" + path(), "--");
    }

    /** Lets go of it: it is gone with the last process in it. */
    @Override
    public void close() {
        Kernel.close(inside);
        Kernel.close(outside);
    }
}
