package io.tulle.proxy;

import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.ExchangeReport;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears what became of copies, in the order in which they ended. */
final class CopiesHeard implements ExchangeListener {
    private final BlockingQueue<Copied> copies = new LinkedBlockingQueue<>();

    @Override
    public void ended(ExchangeReport report) {}

    @Override
    public void copied(String cluster, Copied what) {
        copies.add(what);
    }

    Copied next() throws InterruptedException {
        return Optional.ofNullable(copies.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    void clear() {
        copies.clear();
    }
}
