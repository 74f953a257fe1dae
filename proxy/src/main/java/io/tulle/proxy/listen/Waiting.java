package io.tulle.proxy.listen;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.pool.Reading;
import io.tulle.proxy.report.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Connections to destinations that are known by name and have not been told yet: held, unread, until the plan has them, or for as long
 * as a control plane may take to answer. One per event loop.
 */
final class Waiting {
    private static final long PATIENCE_MILLIS = 5_000;

    private final LivePlan plan;
    private final Refusals refusals;
    private final List<Held> all = new ArrayList<>();

    private record Held(Channel channel, Arrival arrival, String host, Runnable enter, ScheduledFuture<?> timer) {}

    Waiting(LivePlan plan, Refusals refusals) {
        this.plan = plan;
        this.refusals = refusals;
    }

    /** @param enter run on the channel's loop once the plan can say what becomes of it */
    void hold(Channel channel, Arrival arrival, String host, Runnable enter) {
        var keeper = Keeper.in(channel);
        var timer = channel.eventLoop().schedule(() -> giveUp(channel), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        all.add(new Held(channel, arrival, host, () -> keeper.handOver(channel, enter), timer));
        channel.closeFuture().addListener(_ -> drop(channel));
    }

    /** The plan is another: whoever it knows now comes in. */
    void look() {
        if (all.isEmpty()) return;
        var now = plan.current();
        for (var held : List.copyOf(all)) {
            if (now.chain(held.arrival().destination()).isEmpty() && !now.isTold(held.host())) continue;
            drop(held.channel());
            if (!held.channel().isActive()) continue;
            Reading.on(held.channel());
            held.enter().run(); // the door may stop reading again
        }
    }

    private void giveUp(Channel channel) {
        all.stream()
                .filter(held -> held.channel().equals(channel))
                .findFirst()
                .ifPresent(held -> refusals.refuse(
                        channel, Refusal.NOT_TOLD, held.arrival().destination().toString()));
    }

    private void drop(Channel channel) {
        all.removeIf(held -> {
            if (!held.channel().equals(channel)) return false;
            held.timer().cancel(false);
            return true;
        });
    }
}
