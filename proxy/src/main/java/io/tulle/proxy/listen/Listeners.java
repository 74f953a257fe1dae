package io.tulle.proxy.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.tulle.proxy.plan.Addresses;
import io.tulle.proxy.plan.Plan;
import io.tulle.proxy.pool.Transport;
import io.tulle.xds.spec.ListenerSpec;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bound sockets of a sidecar. Follows the plan: binds what is new, closes what is gone, and leaves established
 * connections alone. Called from the control thread only, which may wait for a bind.
 */
public final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final EventLoopGroup loops;
    private final Transport transport;
    private final Function<EventLoop, Doorway> doorways;
    private final ChannelGroup connections;
    private final Map<String, Bound> bound = new HashMap<>();

    private record Bound(SocketAddress wanted, Channel channel) {}

    /**
     * @param connections where every connection is entered while it is open
     */
    public Listeners(
            EventLoopGroup loops,
            Transport transport,
            Function<EventLoop, Doorway> doorways,
            ChannelGroup connections) {
        this.loops = loops;
        this.transport = transport;
        this.doorways = doorways;
        this.connections = connections;
    }

    /** Binds a socket that does not depend on the plan: the mesh port, the outbound door. */
    public synchronized boolean bind(String name, SocketAddress address, Function<Doorway, ChannelHandler> gate) {
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.at(address))
                .childOption(ChannelOption.AUTO_READ, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(new FlushConsolidationHandler(256, true));
                        channel.pipeline().addLast(gate.apply(doorways.apply(channel.eventLoop())));
                    }
                });
        if (!(address instanceof DomainSocketAddress)) {
            bootstrap.option(ChannelOption.SO_BACKLOG, 1024).option(ChannelOption.SO_REUSEADDR, true);
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
        }
        var done = bootstrap.bind(address).awaitUninterruptibly();
        if (!done.isSuccess()) {
            LOG.error(
                    "{} {}: {} at {}: {}",
                    Refusal.BIND.code(),
                    Refusal.BIND.title(),
                    name,
                    address,
                    String.valueOf(done.cause()));
            return false;
        }
        bound.put(name, new Bound(address, done.channel()));
        return true;
    }

    /** Makes the bound sockets those of the plan. */
    public synchronized void follow(Plan plan) {
        var wanted = new HashMap<String, SocketAddress>();
        for (var listener : plan.listeners())
            address(listener).ifPresent(a -> wanted.put(PLANNED + listener.name(), a));
        var gone = bound.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(PLANNED))
                .filter(entry -> !entry.getValue().wanted().equals(wanted.get(entry.getKey())))
                .toList();
        for (var entry : gone) {
            bound.remove(entry.getKey());
            entry.getValue().channel().close().awaitUninterruptibly();
        }
        wanted.forEach((name, address) -> {
            if (!bound.containsKey(name))
                bind(name, address, doorway -> new BoundGate(doorway, name.substring(PLANNED.length())));
        });
    }

    private static final String PLANNED = "plan/";

    private static Optional<SocketAddress> address(ListenerSpec listener) {
        return switch (listener.place()) {
            case ListenerSpec.Place.Door(var host, var port) -> Optional.of(Addresses.of(host, port));
            case ListenerSpec.Place.Bound(var host, var port) -> Optional.of(Addresses.of(host, port));
            case ListenerSpec.Place.Inbound _, ListenerSpec.Place.Outbound _ -> Optional.empty();
        };
    }

    /** Where a listener of the plan really stands, once bound (its port may have been 0). */
    public synchronized Optional<SocketAddress> boundAt(String listener) {
        return Optional.ofNullable(bound.get(PLANNED + listener))
                .map(b -> b.channel().localAddress());
    }

    /** Where a socket bound by {@link #bind} really stands. */
    public synchronized Optional<SocketAddress> addressOf(String name) {
        return Optional.ofNullable(bound.get(name)).map(b -> b.channel().localAddress());
    }

    /** Takes no new connections. */
    public synchronized void close() {
        bound.values().forEach(b -> b.channel().close().awaitUninterruptibly());
        bound.clear();
    }
}
