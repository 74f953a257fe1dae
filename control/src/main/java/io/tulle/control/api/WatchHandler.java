package io.tulle.control.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tulle.control.store.History;
import io.tulle.control.store.Listing;
import io.tulle.control.store.Resource;
import io.tulle.control.store.ResourceStore;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Opens watches and counts them. Each is a {@link WatchPump} with a virtual thread of its own. */
final class WatchHandler implements AutoCloseable {
    private static final int MAX_WATCHES = 1_000;
    private static final long STOP_SECONDS = 2;
    private static final long MAX_SECONDS = 3_600;

    private final ResourceStore store;
    private final Clock clock;
    private final Executor threads;
    private final Semaphore room = new Semaphore(MAX_WATCHES);
    private final Set<WatchPump> open = ConcurrentHashMap.newKeySet();

    WatchHandler(ResourceStore store, Clock clock, Executor threads) {
        this.store = store;
        this.clock = clock;
        this.threads = threads;
    }

    HttpResponse watch(ServiceRequestContext context, Target target, Ask ask) {
        var render = new WatchPump.Render(target.kind(), ask.form(), ask.include(), clock);
        var query = ReadHandler.query(target, ask);
        var from = ask.number("resourceVersion");
        var seconds = ask.number("timeoutSeconds");
        var initial = from == 0 || ask.flag("sendInitialEvents");
        var found = initial ? store.list(query) : new Listing.Found(store.position(), List.<Resource>of(), "");
        if (!initial) refuseLost(from);
        Gate.hold(context, WatchPump.MOST_UNREAD + ReadHandler.cost(found.resources()));
        var start = initial ? found.at().version() : from;
        var bookmarks = ask.flag("allowWatchBookmarks");
        var tellsEnd = ask.flag("sendInitialEvents");
        if (!room.tryAcquire()) throw ApiCode.TOO_MANY_WATCHES.because(MAX_WATCHES + " watches are open");
        var response = HttpResponse.streaming();
        var pump = new WatchPump(store, query, render, bookmarks, response);
        open.add(pump);
        context.clearRequestTimeout();
        var longest = seconds == 0 ? MAX_SECONDS : Math.min(seconds, MAX_SECONDS);
        var end = context.eventLoop().schedule(pump::stop, longest, TimeUnit.SECONDS);
        response.whenComplete().handle((_, _) -> {
            pump.stop();
            open.remove(pump);
            room.release();
            return end.cancel(false);
        });
        response.write(ResponseHeaders.of(
                HttpStatus.OK,
                HttpHeaderNames.CONTENT_TYPE,
                MediaType.JSON,
                HttpHeaderNames.CACHE_CONTROL,
                "no-cache"));
        threads.execute(() -> {
            try (pump) {
                pump.run(found.resources(), start, tellsEnd);
            }
        });
        return response;
    }

    @Override
    public void close() {
        open.forEach(WatchPump::stop);
        try { // each says its end to its client before the server closes the connections
            if (room.tryAcquire(MAX_WATCHES, STOP_SECONDS, TimeUnit.SECONDS)) room.release(MAX_WATCHES);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuseLost(long from) {
        switch (store.after(from, 1)) {
            case History.Steps _ -> {}
            case History.Gone(var oldest) ->
                throw ApiCode.EXPIRED.because("too old resource version: " + from + " (" + oldest + ")");
            case History.Ahead(var latest) ->
                throw ApiCode.AHEAD.because("Too large resource version: " + from + ", current: " + latest);
        }
    }
}
