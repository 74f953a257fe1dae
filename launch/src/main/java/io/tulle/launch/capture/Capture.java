package io.tulle.launch.capture;

/** How a process's connections come to its sidecar. No way changes the application. */
public enum Capture {
    /** A file that Node loads first takes its {@code connect} and {@code listen}. No root. */
    HOOK("hook"),
    /** A network namespace of its own, its traffic redirected: any language. */
    NETNS("netns"),
    /** Addresses in its environment variables are rewritten to doors of the sidecar. Its own port stays open. */
    ENV("env");

    private final String written;

    Capture(String written) {
        this.written = written;
    }

    /** As {@code --capture} takes it. */
    public String written() {
        return written;
    }

    /** What the user asked for with {@code --capture}. */
    public enum Requested {
        AUTO,
        HOOK,
        NETNS,
        ENV
    }
}
