package io.tulle.proxy.nesttcp;

import java.time.Duration;

/**
 * How much a Nest TCP door holds, and how patient it is.
 *
 * @param messageBytes the largest message, either way (Nest itself: 128 M characters)
 * @param inFlight how many calls of one connection may wait for their answers
 * @param keptBytes how much of one message is kept for another attempt (as for HTTP: 1 MiB)
 * @param keptTotalBytes the same over all calls of one connection
 * @param stalled how long a message that has begun may bring nothing more (Nest: 30 s)
 */
public record NestTcpSettings(int messageBytes, int inFlight, int keptBytes, int keptTotalBytes, Duration stalled) {
    /** The defaults of docs/reference/defaults.md. */
    public static final NestTcpSettings DEFAULT =
            new NestTcpSettings(4 * 1024 * 1024, 10_000, 1024 * 1024, 16 * 1024 * 1024, Duration.ofSeconds(30));

    public NestTcpSettings withMessageBytes(int bytes) {
        return new NestTcpSettings(bytes, inFlight, keptBytes, keptTotalBytes, stalled);
    }

    public NestTcpSettings withInFlight(int calls) {
        return new NestTcpSettings(messageBytes, calls, keptBytes, keptTotalBytes, stalled);
    }

    public NestTcpSettings withStalled(Duration patience) {
        return new NestTcpSettings(messageBytes, inFlight, keptBytes, keptTotalBytes, patience);
    }
}
