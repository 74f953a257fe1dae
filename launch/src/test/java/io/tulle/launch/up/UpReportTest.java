package io.tulle.launch.up;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UpReportTest {
    private static final Problem ERROR =
            Problem.error("TUL2206", "a port", "mend it").at(new Problem.Place("c", 9, 1));

    @Test
    void errorsComeFirstAndTheLastLineCounts() {
        var report = UpReport.of(List.of(note(2), ERROR, note(4)), true);
        assertFalse(report.isClean());
        assertEquals(
                List.of(
                        "error: c:9: TUL2206 a port\n  fix: mend it",
                        "note: c:2: TUL2201 key 2\n  fix: nothing",
                        "  and 1 more of the kind: c:4",
                        "1 error, 2 notes: nothing started"),
                report.lines());
    }

    @Test
    void notesAloneStopNothingAndCanBeShownEach() {
        var notes = List.of(note(1), note(2), note(3));
        var report = UpReport.of(notes, false);
        assertTrue(report.isClean());
        assertEquals(4, report.lines().size());
        assertEquals("3 notes", report.lines().getLast());
        var folded = UpReport.of(notes, true).lines();
        assertEquals(3, folded.size());
        assertEquals("3 notes: tulle up --dry-run shows each of them", folded.getLast());
    }

    @Test
    void nothingToSayIsNoLine() {
        assertEquals(new UpReport(List.of(), true), UpReport.of(List.of(), true));
    }

    private static Problem note(int line) {
        return Problem.warning("TUL2201", "key " + line, "nothing").at(new Problem.Place("c", line, 1));
    }
}
