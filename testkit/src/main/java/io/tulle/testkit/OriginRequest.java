package io.tulle.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request as it reached an {@link Origin}: head and, read before the script runs, a body of known length. A chunked
 * body is read by the script, with {@link #chunks}.
 */
public record OriginRequest(String method, String target, List<String> headers, String body) {

    /** The next request; empty when there is none any more. */
    public static Optional<OriginRequest> read(OriginConnection in) throws IOException {
        var first = line(in);
        if (first.isEmpty()) return Optional.empty();
        var parts = first.split(" ", -1);
        var headers = new ArrayList<String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) headers.add(line);
        var head = new OriginRequest(parts[0], parts[1], List.copyOf(headers), "");
        var length = head.header("content-length");
        // With an expectation the body comes only after the script's say.
        if (length.isEmpty() || head.header("expect").isPresent()) return Optional.of(head);
        var body = new String(in.bytes(Integer.parseInt(length.get())), StandardCharsets.ISO_8859_1);
        return Optional.of(new OriginRequest(head.method, head.target, head.headers, body));
    }

    /** Reads a chunked body off the connection; trailers are dropped. */
    public static String chunks(OriginConnection in) throws IOException {
        var body = new StringBuilder();
        for (var size = chunk(in); size > 0; size = chunk(in)) {
            body.append(new String(in.bytes(size), StandardCharsets.ISO_8859_1));
            line(in);
        }
        var trailer = line(in);
        while (!trailer.isEmpty()) trailer = line(in);
        return body.toString();
    }

    private static int chunk(OriginConnection in) throws IOException {
        var size = line(in);
        if (size.isEmpty()) throw new EOFException("the body was cut");
        return Integer.parseInt(size, 16);
    }

    public Optional<String> header(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        var start = name.toLowerCase(Locale.ROOT) + ":";
        return headers.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                .map(field -> field.substring(start.length()).strip())
                .toList();
    }

    private static String line(OriginConnection in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) return "";
            line.write(b);
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
