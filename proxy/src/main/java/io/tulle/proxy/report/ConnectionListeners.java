package io.tulle.proxy.report;

import io.tulle.proxy.message.Connection;
import io.tulle.proxy.plan.Chain;
import java.net.SocketAddress;
import java.util.List;

/** Several listeners as one. */
record ConnectionListeners(List<ConnectionListener> all) implements ConnectionListener {
    ConnectionListeners {
        all = List.copyOf(all);
    }

    @Override
    public void refused(SocketAddress remote, Refusal refusal, String detail) {
        all.forEach(one -> one.refused(remote, refusal, detail));
    }

    @Override
    public void accepted(Connection connection, Chain chain) {
        all.forEach(one -> one.accepted(connection, chain));
    }

    @Override
    public void ended(Connection connection, Chain chain) {
        all.forEach(one -> one.ended(connection, chain));
    }

    @Override
    public void opened(TcpReport report) {
        all.forEach(one -> one.opened(report));
    }

    @Override
    public void closed(TcpReport report) {
        all.forEach(one -> one.closed(report));
    }
}
