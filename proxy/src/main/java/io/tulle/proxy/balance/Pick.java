package io.tulle.proxy.balance;

/** What a balancer says. */
public sealed interface Pick {
    record Chosen(Endpoint endpoint) implements Pick {}

    /**
     * Nothing to choose from: 503, flag UH.
     *
     * @param why for the log: {@code 2 endpoints, of which 1 ejected, 1 draining}
     */
    record NoneHealthy(String why) implements Pick {}
}
