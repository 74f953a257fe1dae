package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.flight.Copier;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.proxy.route.MirrorPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The copies of one request that go to mirrors. The request never waits for them and never hears of them: what cannot be
 * copied is dropped and counted.
 */
final class Copies implements Copier {
    private final Exchange exchange;
    private final RequestHead head;
    private final List<Copy> all = new ArrayList<>(1);

    /** @param head as it is forwarded to the route's own destination */
    Copies(Exchange exchange, RequestHead head) {
        this.exchange = exchange;
        this.head = head;
    }

    @Override
    public Optional<Cluster> cluster(String name) {
        return exchange.cluster(name);
    }

    @Override
    public void copy(MirrorPlan.Mirror mirror, Cluster cluster, Endpoint endpoint) {
        var shared = exchange.exchanges().shared();
        if (!shared.copies().tryBegin()) {
            count(mirror, Copied.DROPPED);
            return;
        }
        if (!cluster.limits().requests().tryTake()) {
            shared.copies().ended();
            count(mirror, Copied.DROPPED);
            return;
        }
        var shadow = head.as(head.path(), mirror.authority(head.authority()), head.headers());
        var copy = new Copy(exchange.exchanges(), cluster, endpoint, shadow);
        all.add(copy);
        copy.begin(exchange.connection().remote());
        exchange.body().showTo(copy);
    }

    @Override
    public void notCopied(MirrorPlan.Mirror mirror) {
        count(mirror, Copied.FAILED);
    }

    private void count(MirrorPlan.Mirror mirror, Copied what) {
        exchange.exchanges().shared().observers().exchanges().copied(mirror.cluster(), what);
    }

    /** More of the request; the chunk stays the request's. */
    void body(ByteBuf chunk) {
        for (int i = 0; i < all.size(); i++) all.get(i).body(chunk);
    }

    void end(Headers trailers) {
        for (int i = 0; i < all.size(); i++) all.get(i).end(trailers);
    }

    /** Nothing more comes of the request: what is not whole never will be. */
    void requestOver() {
        for (int i = 0; i < all.size(); i++) all.get(i).requestOver();
    }
}
