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
import io.tulle.proxy.pool.ApplicationNetwork;
import io.tulle.proxy.pool.Transport;
import io.tulle.proxy.report.Refusal;
import io.tulle.xds.spec.ListenerSpec;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bound sockets of a sidecar. Follows the plan: binds what is new, closes what is gone, and leaves established
 * connections alone. Never called on an event loop: it may wait for a bind.
 */
public final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** Before the name of each socket that the plan asks for. */
    private static final String PLANNED = "plan/";

    private final EventLoopGroup loops;
    private final Transport transport;
    private final Function<EventLoop, Doorway> doorways;
    private final ChannelGroup callers;
    private final int most;
    private final long introductionMillis;
    private final UnaryOperator<InetSocketAddress> places;
    private final Map<String, Bound> bound = new HashMap<>();
    private final SortedMap<String, String> unbound = new TreeMap<>();
    private final Map<String, SocketAddress> shut = new HashMap<>(); // of the plan, to be tried again
    private boolean closing;

    private record Bound(SocketAddress wanted, Channel channel) {}

    /**
     * @param callers where every connection of a door is entered while it is open
     * @param most how many connections each listener may have open
     * @param introduction how long a caller may take to say whom it wants
     * @param places where a socket that the plan asks for stands on this machine
     */
    public Listeners(
            EventLoopGroup loops,
            Transport transport,
            Function<EventLoop, Doorway> doorways,
            ChannelGroup callers,
            int most,
            Duration introduction,
            UnaryOperator<InetSocketAddress> places) {
        this.most = most;
        this.introductionMillis = introduction.toMillis();
        this.places = places;
        this.loops = loops;
        this.transport = transport;
        this.doorways = doorways;
        this.callers = callers;
    }

    /** Binds a socket that does not depend on the plan: the mesh port, the outbound door. */
    public boolean bind(
            String name, SocketAddress address, ChannelGroup group, Function<Doorway, ChannelHandler> gate) {
        return bind(name, address, group, gate, ApplicationNetwork.SHARED);
    }

    /** The same in the network of the application. */
    public synchronized boolean bind(
            String name,
            SocketAddress address,
            ChannelGroup group,
            Function<Doorway, ChannelHandler> gate,
            ApplicationNetwork network) {
        var crowd = new Crowd(name, most);
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .handler(crowd.acceptFailures())
                .channelFactory(network.channels(transport.at(address)))
                .childOption(ChannelOption.AUTO_READ, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        var doorway = doorways.apply(channel.eventLoop());
                        if (!crowd.takes(channel)) {
                            doorway.refusals().turnAway(channel, Refusal.TOO_MANY);
                            return;
                        }
                        group.add(channel);
                        channel.pipeline().addLast(new FlushConsolidationHandler(256, true));
                        channel.pipeline().addLast(gate.apply(doorway));
                    }
                });
        if (!(address instanceof DomainSocketAddress)) {
            bootstrap.option(ChannelOption.SO_BACKLOG, 1024).option(ChannelOption.SO_REUSEADDR, true);
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
        }
        var done = bootstrap.bind(address).awaitUninterruptibly();
        if (!done.isSuccess()) {
            var why = Optional.ofNullable(done.cause().getMessage()).orElse(String.valueOf(done.cause()));
            var before = unbound.put(name, "it cannot listen at " + address + ": " + why);
            if (before == null)
                LOG.error("{} {}: {} at {}: {}", Refusal.BIND.code(), Refusal.BIND.title(), name, address, why);
            return false;
        }
        unbound.remove(name);
        bound.put(name, new Bound(address, done.channel()));
        return true;
    }

    /** The listeners of the plan in force that have no socket, and why. */
    public synchronized SortedMap<String, String> unbound() {
        var all = new TreeMap<String, String>();
        unbound.forEach((name, why) -> {
            if (name.startsWith(PLANNED)) all.put(name.substring(PLANNED.length()), why);
        });
        return all;
    }

    /** Makes the bound sockets those of the plan; {@link #unbound} says which could not be. */
    public synchronized void follow(Plan plan) {
        if (closing) return;
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
        unbound.keySet().removeIf(name -> name.startsWith(PLANNED) && !wanted.containsKey(name));
        shut.clear();
        wanted.forEach((name, address) -> {
            if (!bound.containsKey(name) && !open(name, address)) shut.put(name, address);
        });
    }

    /** Those of the plan that could not be bound, once more: whoever had the address may be gone. Whether any is open now. It may wait. */
    public synchronized boolean tryAgain() {
        if (closing) return false;
        var opened = false;
        for (var each : List.copyOf(shut.entrySet())) {
            if (!open(each.getKey(), each.getValue())) continue;
            shut.remove(each.getKey());
            opened = true;
            LOG.info("{} is open now: {}", each.getKey().substring(PLANNED.length()), each.getValue());
        }
        return opened;
    }

    private boolean open(String name, SocketAddress address) {
        return bind(
                name,
                address,
                callers,
                doorway -> new BoundGate(doorway, name.substring(PLANNED.length()), introductionMillis));
    }

    private Optional<SocketAddress> address(ListenerSpec listener) {
        return switch (listener.place()) {
            case ListenerSpec.Place.Door(var host, var port) -> Optional.of(Addresses.of(host, port));
            case ListenerSpec.Place.Bound(var host, var port) -> Optional.of(places.apply(Addresses.of(host, port)));
            case ListenerSpec.Place.Inbound _, ListenerSpec.Place.Outbound _, ListenerSpec.Place.Api _ ->
                Optional.empty();
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

    /** Takes no new connections from outside; the own application's door stays open. */
    public synchronized void closeInbound() {
        closing = true;
        close(bound.keySet().stream()
                .filter(name -> !name.startsWith("outbound"))
                .toList());
    }

    private void close(List<String> names) {
        for (var name : names) {
            var gone = bound.remove(name);
            if (gone != null) gone.channel().close().awaitUninterruptibly();
        }
    }

    /** Takes no new connections at all. */
    public synchronized void close() {
        closing = true;
        close(List.copyOf(bound.keySet()));
    }
}
