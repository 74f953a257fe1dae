package io.tulle.proxy.filter;

/**
 * Why a filter said no.
 *
 * @param detail for the log and the metrics, and for the caller only where the mesh setting allows: the policy and rule
 */
public record Reason(Kind kind, String detail) {
    /** What a caller may always be told. */
    public enum Kind {
        /** A DENY rule matches. */
        DENIED,
        /** There are ALLOW policies, and no rule of theirs matches. */
        NOT_ALLOWED,
        /** A filter broke: whatever cannot be judged is refused. */
        FILTER_FAILED,
        /** A fault that the mesh makes on purpose. */
        FAULT
    }
}
