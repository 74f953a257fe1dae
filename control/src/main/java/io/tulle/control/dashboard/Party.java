package io.tulle.control.dashboard;

import io.tulle.model.ServiceName;

/**
 * One end of an edge as the page shows it.
 *
 * @param namespace empty for whatever is not of the mesh
 */
record Party(Kind kind, String namespace, String name) implements Comparable<Party> {
    /** Callers at published doors, and plaintext ones where a policy lets them in. */
    static final Party OUTSIDE = new Party(Kind.OUTSIDE, "", "outside");

    /** What sidecars counted together, because it was too much to be told apart. */
    static final Party OTHERS = new Party(Kind.OTHERS, "", "others");

    enum Kind {
        OUTSIDE("outside"),
        SERVICE("service"),
        /** Outside the mesh, called from inside. */
        EXTERNAL("external"),
        OTHERS("others");

        private final String written;

        Kind(String written) {
            this.written = written;
        }

        String written() {
            return written;
        }
    }

    static Party of(ServiceName service) {
        return new Party(Kind.SERVICE, service.namespace(), service.name());
    }

    static Party external(String host) {
        return new Party(Kind.EXTERNAL, "", host);
    }

    /** The page's links hold it. */
    String id() {
        return switch (kind) {
            case SERVICE -> namespace + "/" + name;
            case OUTSIDE, OTHERS -> name;
            case EXTERNAL -> "external/" + name;
        };
    }

    @Override
    public int compareTo(Party other) {
        return id().compareTo(other.id());
    }
}
