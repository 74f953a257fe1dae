package io.tulle.proxy.report;

/** Who is told of traffic. */
public record Observers(ExchangeListener exchanges, ConnectionListener connections) {
    public static final Observers NOBODY = new Observers(_ -> {}, ConnectionListener.NOBODY);
}
