package io.tulle.proxy.nesttcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.tulle.proxy.balance.Endpoint;
import io.tulle.proxy.exchange.Ledger;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.Connection.Draining;
import io.tulle.proxy.message.Connection.Judgement;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Wire;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.Outcome;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door towards one client that speaks Nest TCP: reads its messages one by one, sends each on its own way, and passes
 * the replies back as they come. Whatever cannot be read in one way closes the connection; whatever can be answered is
 * answered by an error that Nest's client gives to its caller.
 */
final class NestTcpDoor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(NestTcpDoor.class);

    private final NestTcpDoors doors;
    private final Connection connection;
    private final Channel client;
    private final FrameReader reader;
    private final Links links;
    private final Mirrors mirrors;
    private final Patience patience;
    private final Backlog backlog;
    private final Set<Call> calls = new LinkedHashSet<>();
    private final String authority;
    private long kept;
    private boolean reading;
    private boolean draining;
    private boolean over;

    NestTcpDoor(NestTcpDoors doors, Connection connection, Channel client) {
        this.doors = doors;
        this.connection = connection;
        this.client = client;
        this.reader = new FrameReader(doors.settings().messageBytes());
        this.links = new Links(this);
        this.mirrors = new Mirrors(this);
        this.backlog = new Backlog(doors.shared().holdings(), () -> end(Reason.OVERLOADED));
        this.patience = new Patience(client, doors.settings().stalled(), this::stalled);
        this.authority = Authorities.of(connection.destination());
    }

    // What the client says.

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        reading = true;
        try {
            while (!over) {
                var frame = reader.read(in, context.alloc());
                if (frame == null) break;
                take(frame);
            }
        } catch (MalformedMessage bad) {
            refuse(bad, in);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        client.flush();
        if (over) return;
        patience.heard(reader.isMidway());
        balance();
    }

    private void take(FrameReader.Frame frame) {
        var body = frame.body();
        try {
            if (frame.tooLarge()) tooLarge(body);
            else open(Message.read(body));
        } finally {
            body.release();
        }
    }

    private void open(Message message) {
        var written = message.id();
        var id = written == null ? Optional.<CallId>empty() : Optional.of(CallId.of(written));
        try {
            var pattern = message.canonicalPattern();
            var head = head(id.isEmpty(), pattern.path());
            if (id.isPresent() && calls.size() >= doors.settings().inFlight()) {
                refuse(head, id, Reason.OVER_LIMIT, NestTcpCode.TOO_MANY, "", message.length());
            } else if (doors.shared().holdings().turnsAway()) {
                refuse(head, id, Reason.OVERLOADED, NestTcpCode.OVERLOADED, "", message.length());
            } else if (id.isPresent() && draining && connection.side() == Connection.Side.INBOUND) {
                refuse(head, id, Reason.LOCAL_RESET, NestTcpCode.DRAINING, "", message.length());
            } else {
                var context = MessageContext.of(message, doors);
                deliver(Parcel.of(client.alloc(), message, pattern, context), head, context, id);
            }
        } catch (MalformedMessage ambiguous) {
            var detail = String.valueOf(ambiguous.getMessage());
            refuse(head(id.isEmpty(), "-"), id, Reason.MESSAGE, ambiguous.code(), detail, message.length());
        }
    }

    private void deliver(Parcel parcel, RequestHead head, MessageContext context, Optional<CallId> id) {
        if (id.isEmpty()) {
            new Event(this, parcel, head, context).begin();
            return;
        }
        var call = new Call(this, parcel, head, context, id.get());
        calls.add(call);
        call.begin();
    }

    private RequestHead head(boolean event, String path) {
        return new RequestHead(
                Wire.NEST_TCP,
                event ? "EVENT" : "REQUEST",
                "http",
                authority,
                path,
                "",
                Headers.empty(),
                Optional.empty());
    }

    private void tooLarge(ByteBuf tail) {
        var id = MessageTail.id(tail);
        var detail = "more than " + doors.settings().messageBytes() + " bytes";
        refuse(head(id.isEmpty(), "-"), id, Reason.MESSAGE, NestTcpCode.TOO_LARGE, detail, tail.readableBytes());
    }

    /** Answers a message that goes nowhere, where its sender waits, and reports it. */
    private void refuse(
            RequestHead head, Optional<CallId> id, Reason reason, NestTcpCode code, String detail, int bytes) {
        var ledger = ledger(head);
        var said = detail.isEmpty() || detail.startsWith(code.code()) ? detail : code.code() + " " + detail;
        var message = said.isEmpty() ? code.code() + " " + code.title() : said;
        id.ifPresent(known -> tell(known, code.code(), message, ledger.requestId()));
        ledger.end(new Outcome(reason.status(), Optional.of(reason), false, message, true), bytes);
    }

    /** Of what is no message of anybody's. */
    private Ledger ledger(RequestHead head) {
        return new Ledger(doors.shared(), connection, head, doors.shared().newRequestId(), Optional.empty());
    }

    /** The stream itself cannot be read any further. */
    private void refuse(MalformedMessage bad, ByteBuf in) {
        var hint = Strangers.hint(in);
        LOG.warn("{}{} (from {})", bad.getMessage(), hint, connection.remote());
        var ledger = ledger(head(true, "-"));
        var detail = bad.getMessage() + hint;
        ledger.end(
                new Outcome(Reason.MESSAGE.status(), Optional.of(Reason.MESSAGE), false, detail, true),
                in.readableBytes());
        end(Reason.CALLER_GONE);
    }

    private void stalled() {
        refuse(new MalformedMessage(NestTcpCode.STALLED, "a message never ended"), Unpooled.EMPTY_BUFFER);
    }

    // What deliveries and links ask and tell.

    NestTcpDoors doors() {
        return doors;
    }

    Connection connection() {
        return connection;
    }

    EventLoop loop() {
        return client.eventLoop();
    }

    ByteBufAllocator allocator() {
        return client.alloc();
    }

    Mirrors mirrors() {
        return mirrors;
    }

    Optional<Endpoint> homeOfEvents(Cluster towards) {
        return links.homeOfEvents(towards);
    }

    void homeOfEvents(Cluster towards, Endpoint endpoint) {
        links.homeOfEvents(towards, endpoint);
    }

    void leaveHome(Endpoint endpoint) {
        links.leaveHome(endpoint);
    }

    Link link(Cluster towards, Endpoint endpoint) {
        return links.towards(towards, endpoint);
    }

    void gone(Link link) {
        links.remove(link);
    }

    void retire(Link link) {
        links.retire(link);
    }

    Backlog backlog() {
        return backlog;
    }

    boolean mayKeep(int bytes) {
        return bytes <= doors.settings().keptBytes()
                && kept + bytes <= doors.settings().keptTotalBytes();
    }

    void keeps(int bytes) {
        kept += bytes;
    }

    /** Passes a reply on, in a frame of its own. */
    void pass(ByteBuf body, long units) {
        client.write(Frames.length(client.alloc(), units), client.voidPromise());
        client.write(body.retainedSlice(), client.voidPromise());
    }

    void flush() {
        client.flush();
    }

    /** Answers a call in the application's place. */
    void tell(CallId id, String code, String message, String requestId) {
        client.write(Frames.refusal(client.alloc(), id, code, message, requestId), client.voidPromise());
        if (!reading) client.flush();
    }

    /** Answers a call with what a route's author wrote. */
    void write(CallId id, boolean good, String text) {
        client.write(Frames.written(client.alloc(), id, good, text), client.voidPromise());
        if (!reading) client.flush();
    }

    void ended(Call call) {
        calls.remove(call);
        if (!over) closeWhenDrained();
    }

    /** Reads each side only as long as the other takes what it says, or may let it wait. */
    void balance() {
        if (over) return;
        backlog.is(Backlog.of(client) + links.unwritten());
        links.read(backlog.takes(client));
        client.config().setAutoRead(backlog.takes(client) && !links.anyFull());
        links.dropIdleRetired();
        closeWhenDrained();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        balance();
    }

    // Its end.

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == Draining.NOW) {
            draining = true;
            closeWhenDrained();
        }
        if (event == Judgement.NOW) List.copyOf(calls).forEach(Call::judgeAgain);
        context.fireUserEventTriggered(event);
    }

    private void closeWhenDrained() {
        if (!draining || !calls.isEmpty() || !links.areIdle()) return;
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(Reason.CALLER_GONE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(Reason.CALLER_GONE);
    }

    private void end(Reason reason) {
        if (over) return;
        over = true;
        backlog.is(0);
        patience.end();
        reader.close();
        List.copyOf(calls).forEach(call -> call.clientGone(reason));
        links.close();
        mirrors.close();
        client.close();
    }
}
