package io.tulle.proxy.nesttcp;

import io.netty.buffer.Unpooled;
import io.tulle.proxy.message.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A message's metadata, in which trace context and request id travel, since Nest TCP has no headers: Nest 12 gives it to
 * the handler, older ones ignore it, and the hook fills it in for the call that is being served.
 */
final class Metadata {
    private static final Set<String> CARRIED = Set.of(
            "traceparent",
            "tracestate",
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags",
            "x-request-id");
    private static final int LONGEST = 4096; // the hook's own limit

    private final Headers context = Headers.empty();
    private final List<String> rest = new ArrayList<>(); // the application's own fields, as they were written

    private Metadata() {}

    /** A message that says nothing. */
    static Metadata none() {
        return new Metadata();
    }

    /** Empty when it is no object: then it is the application's own affair, and stays as it is. */
    static Optional<Metadata> parse(String json) {
        return json.startsWith("{") ? Optional.of(new Reader(json).read()) : Optional.empty();
    }

    /** Trace context and request id, to be read and changed as the headers of a request are. */
    Headers context() {
        return context;
    }

    /** With the context as it is now, behind the application's own fields. */
    String json() {
        var fields = new ArrayList<>(rest);
        for (int i = 0; i < context.count(); i++) {
            fields.add(Frames.quoted(context.name(i)) + ":" + Frames.quoted(context.value(i)));
        }
        return "{" + String.join(",", fields) + "}";
    }

    /** Walks an object that is known to be JSON. */
    private static final class Reader {
        private final byte[] bytes;
        private final JsonCursor cursor;
        private final Metadata metadata = new Metadata();

        Reader(String json) {
            this.bytes = json.getBytes(StandardCharsets.UTF_8);
            this.cursor = new JsonCursor(Unpooled.wrappedBuffer(bytes));
        }

        Metadata read() {
            cursor.expect('{');
            if (cursor.accept('}')) return metadata;
            do {
                field();
            } while (cursor.accept(','));
            return metadata;
        }

        private void field() {
            cursor.peek();
            var start = cursor.at();
            var key = cursor.string();
            cursor.expect(':');
            if (CARRIED.contains(key) && cursor.peek() == '"') {
                var value = cursor.string();
                if (isHeaderValue(value)) metadata.context.set(key, value); // else dropped: nobody could use it
                return;
            }
            cursor.skipValue();
            metadata.rest.add(new String(bytes, start, cursor.at() - start, StandardCharsets.UTF_8));
        }

        private static boolean isHeaderValue(String value) {
            return !value.isEmpty()
                    && value.length() <= LONGEST
                    && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        }
    }
}
