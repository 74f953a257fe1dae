package io.tulle.proxy.nesttcp;

import io.netty.channel.Channel;
import io.tulle.proxy.exchange.Shared;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.trace.TraceSettings;

/** What the Nest TCP doors of one event loop have in common, and how one is installed. Touched on that loop only. */
public record NestTcpDoors(Shared shared, NestTcpSettings settings, TraceSettings traces) {
    /** Puts a door at the end of a client's pipeline. */
    public void install(Channel client, Connection connection) {
        client.pipeline().addLast(new NestTcpDoor(this, connection, client));
    }
}
