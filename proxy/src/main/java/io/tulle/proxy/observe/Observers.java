package io.tulle.proxy.observe;

/** Who is told of traffic. */
public record Observers(ExchangeListener exchanges, ConnectionListener connections) {
    public static final Observers NOBODY = new Observers(_ -> {}, ConnectionListener.NOBODY);
}
