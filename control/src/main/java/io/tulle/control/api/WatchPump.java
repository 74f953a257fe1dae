package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponseWriter;
import io.tulle.control.store.Effect;
import io.tulle.control.store.History;
import io.tulle.control.store.Json;
import io.tulle.control.store.Query;
import io.tulle.control.store.Resource;
import io.tulle.control.store.ResourceStore;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One open watch: reads the store's history from a version on and writes a JSON line for each step that its query sees.
 * A client that does not read holds up this thread alone, and not for long; when the history it still needs is
 * forgotten, it is told so.
 */
final class WatchPump implements AutoCloseable {
    /** How many bytes may wait for the reader before the next event is made. */
    static final int MOST_UNREAD = 256 * 1024;

    private static final int STEPS_AT_ONCE = 256;
    private static final long BOOKMARK_SECONDS = 60;
    private static final long STALLED_SECONDS = 60;

    private final ResourceStore store;
    private final Query query;
    private final Render render;
    private final boolean bookmarks;
    private final HttpResponseWriter response;
    private final Semaphore news = new Semaphore(0);
    private final ResourceStore.Registration registration;
    private volatile boolean stopped;
    private int unread; // of the one thread that writes

    WatchPump(ResourceStore store, Query query, Render render, boolean bookmarks, HttpResponseWriter response) {
        this.store = store;
        this.query = query;
        this.render = render;
        this.bookmarks = bookmarks;
        this.response = response;
        this.registration = store.onCommit(news::release);
    }

    void run(List<Resource> initial, long from, boolean tellEndOfInitial) {
        try {
            for (var resource : initial) line(render.event("ADDED", resource));
            if (tellEndOfInitial) line(render.bookmark(from, true));
            if (!initial.isEmpty() || tellEndOfInitial) awaitReader();
            follow(from);
        } finally {
            response.close();
        }
    }

    void stop() {
        stopped = true;
        news.release();
    }

    @Override
    public void close() {
        registration.close();
    }

    private void follow(long from) {
        var version = from;
        while (true) {
            news.drainPermits(); // before the look at `stopped`: a stop that comes after it leaves a permit
            if (stopped || !response.isOpen()) return;
            switch (store.after(version, STEPS_AT_ONCE)) {
                case History.Steps(var effects, var upTo) -> {
                    var idle = upTo == version;
                    tell(effects);
                    version = upTo;
                    if (idle && !awaitNews() && bookmarks) line(render.bookmark(version, false));
                }
                case History.Gone(var oldest) -> {
                    line(render.error(
                            ApiCode.EXPIRED.because("too old resource version: " + version + " (" + oldest + ")")));
                    return;
                }
                case History.Ahead(var latest) -> {
                    line(render.error(
                            ApiCode.AHEAD.because("Too large resource version: " + version + ", current: " + latest)));
                    return;
                }
            }
        }
    }

    private void tell(List<Effect> effects) {
        var told = false;
        for (var effect : effects) {
            var seen = effect.seenBy(query);
            if (seen.isEmpty()) continue;
            line(render.event(word(seen.get()), seen.get().resource()));
            told = true;
        }
        if (told) awaitReader();
    }

    private static String word(Effect effect) {
        return switch (effect) {
            case Effect.Created _ -> "ADDED";
            case Effect.Changed _, Effect.Unchanged _ -> "MODIFIED";
            case Effect.Deleted _ -> "DELETED";
        };
    }

    private void line(ObjectNode event) {
        if (stopped) return;
        var line = HttpData.ofUtf8(Json.write(event) + "\n");
        var _ = response.tryWrite(line); // a closed response is noticed where it is waited for
        unread += line.length();
        if (unread > MOST_UNREAD) awaitReader();
    }

    /** Until what was written has gone out; a client that does not take it for long is dropped. */
    private void awaitReader() {
        unread = 0;
        try {
            response.whenConsumed().get(STALLED_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            stopped = true;
            response.abort();
        } catch (ExecutionException | CancellationException _) {
            stopped = true; // the client has gone
        } catch (InterruptedException _) {
            stopped = true;
            Thread.currentThread().interrupt();
        }
    }

    /** False when nothing came for the time between two bookmarks. */
    private boolean awaitNews() {
        try {
            return news.tryAcquire(BOOKMARK_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            stopped = true;
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** How this watch's client wants its events. */
    record Render(ServedKind kind, Ask.Form form, Tables.Include include, Clock clock) {
        ObjectNode event(String type, Resource resource) {
            return wrapped(
                    type,
                    switch (form) {
                        case JSON -> Documents.render(kind, resource);
                        case TABLE -> table(resource);
                    });
        }

        ObjectNode error(Refusal refusal) {
            return wrapped("ERROR", StatusBody.of(refusal));
        }

        ObjectNode bookmark(long version, boolean endOfInitial) {
            var object = Json.object();
            object.put("kind", kind.kind());
            object.put("apiVersion", kind.apiVersion());
            var metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
            if (endOfInitial) metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            if (form == Ask.Form.JSON) return wrapped("BOOKMARK", object);
            var table = Tables.of(kind, List.of(), clock.instant(), include);
            table.putArray("rows").addObject().set("object", object);
            ((ObjectNode) table.path("metadata")).put("resourceVersion", Long.toString(version));
            return wrapped("BOOKMARK", table);
        }

        private ObjectNode table(Resource resource) {
            var table = Tables.of(kind, List.of(resource), clock.instant(), include);
            ((ObjectNode) table.path("metadata")).put("resourceVersion", Long.toString(resource.version()));
            return table;
        }

        private static ObjectNode wrapped(String type, ObjectNode object) {
            var event = Json.object();
            event.put("type", type);
            event.set("object", object);
            return event;
        }
    }
}
