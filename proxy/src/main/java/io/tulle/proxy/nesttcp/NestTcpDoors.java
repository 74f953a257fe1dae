package io.tulle.proxy.nesttcp;

import io.netty.channel.Channel;
import io.tulle.proxy.exchange.Connection;
import io.tulle.proxy.exchange.Exchanges.Time;
import io.tulle.proxy.exchange.RequestIds;
import io.tulle.proxy.observe.ExchangeListener;
import io.tulle.proxy.observe.TraceSettings;
import io.tulle.proxy.plan.LivePlan;
import io.tulle.proxy.pool.Pools;
import java.util.random.RandomGenerator;

/** What the Nest TCP doors of one event loop share, and how one is installed. Touched on that loop only. */
public final class NestTcpDoors {
    private final LivePlan plan;
    private final Pools pools;
    private final ExchangeListener listener;
    private final Time time;
    private final RandomGenerator random;
    private final NestTcpSettings settings;
    private final TraceSettings traces;

    public NestTcpDoors(
            LivePlan plan,
            Pools pools,
            ExchangeListener listener,
            Time time,
            RandomGenerator random,
            NestTcpSettings settings,
            TraceSettings traces) {
        this.plan = plan;
        this.pools = pools;
        this.listener = listener;
        this.time = time;
        this.random = random;
        this.settings = settings;
        this.traces = traces;
    }

    /** Puts a door at the end of a client's pipeline. */
    public void install(Channel client, Connection connection) {
        client.pipeline().addLast(new NestTcpDoor(this, connection, client));
    }

    LivePlan plan() {
        return plan;
    }

    Pools pools() {
        return pools;
    }

    ExchangeListener listener() {
        return listener;
    }

    Time time() {
        return time;
    }

    long now() {
        return time.ticker().nanoTime();
    }

    RandomGenerator random() {
        return random;
    }

    NestTcpSettings settings() {
        return settings;
    }

    TraceSettings traces() {
        return traces;
    }

    String newRequestId() {
        return RequestIds.draw(random);
    }
}
