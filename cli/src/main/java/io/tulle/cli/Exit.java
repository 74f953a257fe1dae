package io.tulle.cli;

/** What {@code tulle} exits with. */
final class Exit {
    static final int DONE = 0;
    /** The command ran and found something wrong: a refused resource, a failed check. */
    static final int FINDINGS = 1;

    static final int USAGE = 2;
    /** The control plane, or another peer that the command needs, could not be reached. */
    static final int UNREACHABLE = 3;

    /** There is no such program to run, as a shell says it. */
    static final int NO_PROGRAM = 127;

    private Exit() {}
}
