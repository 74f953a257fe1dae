package io.tulle.agent.log;

import io.tulle.model.OneLine;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.event.Level;

/** One event as it is written: its line, and under it the stack of what was thrown. */
record LogEntry(Instant when, Level level, String logger, String message, Optional<Throwable> thrown) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ", Locale.ROOT);
    private static final int MOST_CAUSES = 8;

    String text(ZoneId zone) {
        var text = new StringBuilder()
                .append(TIME.format(when.atZone(zone)))
                .append(' ')
                .append(level)
                .append(' ')
                .append(logger.substring(logger.lastIndexOf('.') + 1))
                .append(" - ")
                .append(OneLine.of(message))
                .append('\n');
        thrown.ifPresent(error -> stack(text, error));
        return text.toString();
    }

    /** What an exception says may quote a stranger, too. */
    private static void stack(StringBuilder text, Throwable error) {
        var each = error;
        for (int depth = 0; each != null && depth < MOST_CAUSES; depth++) {
            text.append(depth == 0 ? "" : "Caused by: ")
                    .append(OneLine.of(each.toString()))
                    .append('\n');
            for (var frame : each.getStackTrace())
                text.append("\tat ").append(frame).append('\n');
            each = each.getCause();
        }
    }
}
