package io.tulle.model;

import java.util.Optional;

/**
 * Something a user can mend: a stable code, what is wrong, and what to do. Every refusal of Tulle is one of these, in
 * the terminal, in an API status and in a NACK alike.
 *
 * @param code stable, {@code TUL1204}; {@code tulle help TUL1204} explains it
 * @param message what is wrong, naming the thing that is
 * @param fix what to do about it
 * @param where file and line, where there is one
 */
public record Problem(String code, Severity severity, String message, String fix, Optional<Place> where) {
    public Problem {
        if (code.length() != 7 || !code.startsWith("TUL")) throw new IllegalArgumentException("not a code: " + code);
    }

    public static Problem error(String code, String message, String fix) {
        return new Problem(code, Severity.ERROR, message, fix, Optional.empty());
    }

    public static Problem warning(String code, String message, String fix) {
        return new Problem(code, Severity.WARNING, message, fix, Optional.empty());
    }

    public Problem at(Place place) {
        return new Problem(code, severity, message, fix, Optional.of(place));
    }

    /** One problem as a person reads it: {@code shop.yaml:12: TUL1204 …} and the fix below. */
    public String explained() {
        var place = where.map(p -> p + ": ").orElse("");
        // Names and values in it are often a stranger's: from a file, or from the control plane of another host.
        var said = OneLine.of(place + code + " " + message);
        return fix.isEmpty() ? said : said + "\n  fix: " + OneLine.of(fix);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    public enum Severity {
        WARNING,
        ERROR
    }

    /** A place in a text that a person wrote; lines and columns count from 1. */
    public record Place(String file, int line, int column) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }
}
