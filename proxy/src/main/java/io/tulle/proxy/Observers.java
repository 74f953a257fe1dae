package io.tulle.proxy;

import io.tulle.proxy.observe.ConnectionListener;
import io.tulle.proxy.observe.ExchangeListener;

/** Who is told of traffic. */
public record Observers(ExchangeListener exchanges, ConnectionListener connections) {
    public static final Observers NOBODY = new Observers(_ -> {}, ConnectionListener.NOBODY);
}
