package io.tulle.proxy.observe;

import io.tulle.model.SpiffeId;
import io.tulle.proxy.filter.DryRun;
import io.tulle.proxy.filter.PeerFacts;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.plan.Destination;
import io.tulle.proxy.report.ExchangeReport;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.report.TcpReport;
import io.tulle.proxy.tls.Peer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reports as an inbound sidecar makes them. */
final class Reports {
    private Reports() {}

    static Connection from(String account) {
        var id = SpiffeId.of("tulle", "shop", account);
        var remote = Addresses.loopback(40000);
        return new Connection(
                Connection.Side.INBOUND,
                new Destination.Inbound("4000.cart.shop.tulle", true),
                new Peer.Known(id, Optional.of(account + "-1")),
                remote,
                Addresses.loopback(15006),
                PeerFacts.of(Optional.of(id), remote.getAddress(), 4000));
    }

    static ExchangeReport exchange(String account, int status, int attempts) {
        return exchange(account, status, attempts, Optional.empty());
    }

    /** One that policies were tried on. */
    static ExchangeReport exchange(String account, int status, int attempts, Optional<DryRun.Said> dryRun) {
        var request = new RequestHead(Wire.HTTP_1_1, "GET", "http", "cart", "/", "", Headers.empty(), Optional.empty());
        return new ExchangeReport(
                from(account),
                request,
                "id",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Outcome.answered(status),
                attempts,
                0,
                0,
                0,
                Instant.EPOCH,
                1_000_000,
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                dryRun);
    }

    static TcpReport connection(String account, long received, long sent) {
        return new TcpReport(
                from(account),
                Optional.empty(),
                Optional.empty(),
                Outcome.answered(0),
                received,
                sent,
                Instant.EPOCH,
                1_000_000,
                Optional.empty());
    }
}
