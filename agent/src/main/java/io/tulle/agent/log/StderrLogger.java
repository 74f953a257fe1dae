package io.tulle.agent.log;

import java.io.Serial;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes each event in one go, so that two threads' lines do not mix. */
final class StderrLogger extends LegacyAbstractLogger {
    @Serial
    private static final long serialVersionUID = 1;

    private static final Clock CLOCK = Clock.system(ZoneId.systemDefault());

    StderrLogger(String name) {
        this.name = name;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        var message = MessageFormatter.basicArrayFormat(pattern, arguments);
        var entry =
                new LogEntry(CLOCK.instant(), level, name, message == null ? "" : message, Optional.ofNullable(thrown));
        System.err.print(entry.text(CLOCK.getZone()));
        System.err.flush();
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return LogLevel.allows(name, Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return LogLevel.allows(name, Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return LogLevel.allows(name, Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return LogLevel.allows(name, Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return LogLevel.allows(name, Level.ERROR);
    }
}
