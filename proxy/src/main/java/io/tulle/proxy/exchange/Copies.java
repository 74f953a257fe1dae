package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.balance.Pick;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.ExchangeListener;
import io.tulle.proxy.report.ExchangeListener.Copied;
import io.tulle.proxy.route.MirrorPlan;
import io.tulle.proxy.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The copies of one request that go to mirrors. The request never waits for them and never hears of them: what cannot be
 * copied is dropped and counted. A request that switches protocols is not copied, its bytes are a conversation.
 */
final class Copies {
    static final Copies NONE = new Copies(List.of());

    private final List<Copy> all;

    private Copies(List<Copy> all) {
        this.all = all;
    }

    /** @param head as it is forwarded to the route's own destination */
    static Copies of(Exchange exchange, Route route, RequestHead head) {
        var plan = route.mirrors();
        if (plan.mirrors().isEmpty() || head.upgrade().isPresent()) return NONE;
        var begun = new ArrayList<Copy>();
        for (var mirror : plan.draw(exchange.exchanges().shared().random())) {
            var cluster = exchange.cluster(mirror.cluster());
            if (cluster.isPresent())
                begin(exchange, mirror, cluster.get(), head).ifPresent(begun::add);
            else observer(exchange).copied(mirror.cluster(), Copied.FAILED);
        }
        return begun.isEmpty() ? NONE : new Copies(begun);
    }

    private static Optional<Copy> begin(
            Exchange exchange, MirrorPlan.Mirror mirror, Cluster cluster, RequestHead head) {
        var shared = exchange.exchanges().shared();
        if (!(cluster.balancer().pick(List.of(), shared.random()) instanceof Pick.Chosen(var endpoint))) {
            observer(exchange).copied(mirror.cluster(), Copied.FAILED);
            return Optional.empty();
        }
        if (!shared.copies().tryBegin()) {
            observer(exchange).copied(mirror.cluster(), Copied.DROPPED);
            return Optional.empty();
        }
        if (!cluster.limits().requests().tryTake()) {
            shared.copies().ended();
            observer(exchange).copied(mirror.cluster(), Copied.DROPPED);
            return Optional.empty();
        }
        var shadow = head.as(head.path(), mirror.authority(head.authority()), head.headers());
        var copy = new Copy(exchange.exchanges(), cluster, endpoint, shadow);
        copy.begin(exchange.connection().remote());
        return Optional.of(copy);
    }

    private static ExchangeListener observer(Exchange exchange) {
        return exchange.exchanges().shared().observers().exchanges();
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
