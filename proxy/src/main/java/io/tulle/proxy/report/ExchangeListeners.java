package io.tulle.proxy.report;

import java.util.List;

/** Several listeners as one. */
record ExchangeListeners(List<ExchangeListener> all) implements ExchangeListener {
    ExchangeListeners {
        all = List.copyOf(all);
    }

    @Override
    public void ended(ExchangeReport report) {
        all.forEach(one -> one.ended(report));
    }

    @Override
    public void copied(String cluster, Copied what) {
        all.forEach(one -> one.copied(cluster, what));
    }
}
