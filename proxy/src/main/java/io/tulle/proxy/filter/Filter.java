package io.tulle.proxy.filter;

/** Judges requests, one at a time, from any event loop. It never blocks; what it throws counts as a no. */
@FunctionalInterface
public interface Filter {
    Verdict judge(Inquiry inquiry);
}
