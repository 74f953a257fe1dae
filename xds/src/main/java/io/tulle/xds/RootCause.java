package io.tulle.xds;

/** Why something failed, in the words of the system. */
public final class RootCause {
    private RootCause() {}

    /** Of the deepest cause, without the call of the native transport: "connect(..) failed with error(-111): Connection refused". */
    public static String of(Throwable failure) {
        return String.valueOf(deepest(failure).getMessage())
                .replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    }

    /** What is at the bottom of what libraries wrapped around it. */
    public static Throwable deepest(Throwable failure) {
        var deepest = failure;
        for (var next = failure.getCause(); next != null; next = next.getCause()) deepest = next;
        return deepest;
    }
}
