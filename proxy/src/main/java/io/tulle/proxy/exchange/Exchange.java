package io.tulle.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tulle.proxy.message.Caller;
import io.tulle.proxy.message.Connection;
import io.tulle.proxy.message.FromCaller;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.plan.Cluster;
import io.tulle.proxy.report.Outcome;
import io.tulle.proxy.route.CorsPlan;
import io.tulle.proxy.route.Decision;
import io.tulle.proxy.route.HeaderChanges;
import io.tulle.proxy.route.Route;
import io.tulle.proxy.trace.Tracing;
import java.util.Optional;
import java.util.concurrent.Executor;

/** One request of HTTP or gRPC, from head to outcome. */
final class Exchange extends Admission implements FromCaller {
    private final Exchanges exchanges;
    private final Caller caller;
    private final RequestBody body;
    private final IdleWatch watch;
    private Optional<Forwarding> forwarding = Optional.empty();
    private HeaderChanges crossOrigin = HeaderChanges.NONE;

    Exchange(Exchanges exchanges, Connection connection, RequestHead head, boolean whole, Caller caller) {
        super(exchanges.shared(), connection, head, ledger(exchanges, connection, head));
        this.exchanges = exchanges;
        this.caller = caller;
        this.body = new RequestBody(
                exchanges.settings().replayBytes(), whole, exchanges.shared().holdings());
        this.watch = new IdleWatch(exchanges, exchanges.settings().idle(), this::idle);
    }

    private static Ledger ledger(Exchanges exchanges, Connection connection, RequestHead head) {
        var random = exchanges.shared().random();
        var requestId = CallerHeaders.settle(connection, head.headers(), random);
        var trace = Tracing.enter(head.headers(), exchanges.settings().traces(), random);
        return new Ledger(exchanges.shared(), connection, head, requestId, trace);
    }

    @Override
    protected void begun() {
        watch.begin();
    }

    @Override
    protected boolean isAnswered(Route route) {
        switch (route.cors().of(head())) {
            case CorsPlan.Said.Nothing _ -> {}
            case CorsPlan.Said.Shared(var headers) -> crossOrigin = headers;
            case CorsPlan.Said.Preflight(var headers) -> {
                crossOrigin = headers;
                answer(MeshAnswer.preflight(ledger().requestId()), Outcome.written(MeshAnswer.PREFLIGHT));
            }
        }
        return hasEnded();
    }

    /** Sets what the page of another origin is to see of an answer, whoever gives it. */
    void share(Headers answer) {
        crossOrigin.applyTo(answer);
    }

    @Override
    protected void forward(Decision.Forward forward, Cluster cluster) {
        var next = new Forwarding(this, forward, cluster);
        forwarding = Optional.of(next);
        next.begin();
    }

    @Override
    protected void redirect(Decision.Redirect redirect) {
        answer(MeshAnswer.redirect(redirect, ledger().requestId()), Outcome.written(redirect.status()));
    }

    @Override
    protected void reply(Decision.Reply reply) {
        var answer = MeshAnswer.written(head(), reply, ledger().requestId());
        answer(answer, Outcome.written(answer.head().status()));
    }

    @Override
    protected void answer(Reason reason, int status, String detail, String told) {
        answer(
                MeshAnswer.to(head(), reason, status, ledger().requestId(), told),
                new Outcome(status, Optional.of(reason), false, detail, true));
    }

    void answer(MeshAnswer answer, Outcome outcome) {
        if (hasEnded()) return;
        share(answer.head().headers());
        ledger().grpc(answer.head().headers());
        var last = answer.text().isEmpty();
        caller.head(answer.head(), last);
        if (!last) {
            var text = answer.body(ByteBufAllocator.DEFAULT);
            ledger().answered(text.readableBytes());
            caller.body(text);
            caller.end(Headers.empty());
        }
        caller.flush();
        end(outcome);
    }

    @Override
    protected void letGo() {
        watch.end();
        body.forget();
        forwarding.ifPresent(Forwarding::end);
    }

    @Override
    protected long received() {
        return body.received();
    }

    // What the caller says.

    @Override
    public void body(ByteBuf chunk) {
        watch.touch();
        if (hasEnded()) chunk.release();
        else if (forwarding.isEmpty() || !forwarding.get().body(chunk)) hold(chunk);
    }

    private void hold(ByteBuf chunk) {
        body.hold(chunk);
        if (exchanges.shared().holdings().isTight()) overloaded();
        else if (body.isOverLimit()) caller.pause();
    }

    /** This sidecar holds so much for others already that it takes nothing more. */
    void overloaded() {
        cut(Reason.OVERLOADED, Reason.OVERLOADED.status(), "nothing new while it holds so much", "");
    }

    @Override
    public void end(Headers trailers) {
        if (hasEnded()) return;
        CallerHeaders.settleTrailers(trailers);
        body.end(trailers);
        forwarding.ifPresent(f -> f.requestEnded(trailers));
    }

    @Override
    public void flush() {
        if (!hasEnded()) forwarding.ifPresent(Forwarding::flushRequest);
    }

    @Override
    public void writable() {
        if (!hasEnded()) forwarding.ifPresent(Forwarding::callerWritable);
    }

    @Override
    public void gone(Reason reason) {
        var status = forwarding.map(Forwarding::answeredStatus).orElse(0);
        var detail = reason == Reason.CALLER_GONE ? "downstream_remote_disconnect" : reason.title();
        end(new Outcome(status, Optional.of(reason), false, detail, false));
    }

    private void idle() {
        cut(Reason.IDLE, Reason.IDLE.status(), "for " + exchanges.settings().idle(), "");
    }

    @Override
    protected void revoke(int status, String detail, String told) {
        cut(Reason.DENIED, status, detail, told);
    }

    /** Ends it early: by an answer where none has begun, else so that the caller sees that it is not whole. */
    void cut(Reason reason, int status, String detail, String told) {
        var answered = forwarding.map(Forwarding::answeredStatus).orElse(0);
        if (answered == 0) {
            answer(reason, status, detail, told);
            return;
        }
        caller.abort(reason);
        end(new Outcome(answered, Optional.of(reason), false, detail, false));
    }

    IdleWatch watch() {
        return watch;
    }

    @Override
    public Executor executor() {
        return exchanges.loop();
    }

    // What the parts of this exchange ask.

    Exchanges exchanges() {
        return exchanges;
    }

    RequestBody body() {
        return body;
    }

    Caller caller() {
        return caller;
    }
}
