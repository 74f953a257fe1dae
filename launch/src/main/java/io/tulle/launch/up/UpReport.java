package io.tulle.launch.up;

import io.tulle.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * What a Compose file's problems look like to a person: errors first, then notes, those of one code folded into one, and
 * one last line that counts them.
 *
 * @param isClean whether there is no error: then the set may be started
 */
public record UpReport(List<String> lines, boolean isClean) {
    private static final int MOST_PLACES = 6;

    public UpReport {
        lines = List.copyOf(lines);
    }

    /** @param folded whether notes of one code are one; else each stands for itself */
    public static UpReport of(List<Problem> problems, boolean folded) {
        var errors = problems.stream().filter(Problem::isError).toList();
        var notes = problems.stream().filter(problem -> !problem.isError()).toList();
        var lines = new ArrayList<String>();
        errors.forEach(problem -> lines.add("error: " + problem.explained()));
        if (folded) foldedInto(lines, notes);
        else notes.forEach(problem -> lines.add("note: " + problem.explained()));
        last(errors.size(), notes.size(), folded).ifPresent(lines::add);
        return new UpReport(lines, errors.isEmpty());
    }

    private static void foldedInto(List<String> lines, List<Problem> notes) {
        var byCode = new LinkedHashMap<String, List<Problem>>();
        notes.forEach(note ->
                byCode.computeIfAbsent(note.code(), _ -> new ArrayList<>()).add(note));
        byCode.values().forEach(alike -> {
            lines.add("note: " + alike.getFirst().explained());
            if (alike.size() > 1) lines.add("  " + more(alike.subList(1, alike.size())));
        });
    }

    private static String more(List<Problem> others) {
        var places = others.stream()
                .flatMap(problem -> problem.where().stream())
                .map(Problem.Place::toString)
                .distinct()
                .toList();
        var shown = String.join(", ", places.subList(0, Math.min(places.size(), MOST_PLACES)));
        var rest = places.size() > MOST_PLACES ? ", …" : "";
        return "and " + others.size() + " more of the kind" + (shown.isEmpty() ? "" : ": " + shown + rest);
    }

    private static Optional<String> last(int errors, int notes, boolean folded) {
        if (errors == 0 && notes == 0) return Optional.empty();
        var counted = (errors == 0 ? "" : count(errors, "error"))
                + (errors > 0 && notes > 0 ? ", " : "")
                + (notes == 0 ? "" : count(notes, "note"));
        if (errors > 0) return Optional.of(counted + ": nothing started");
        return Optional.of(folded ? counted + ": tulle up --dry-run shows each of them" : counted);
    }

    private static String count(int number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }
}
