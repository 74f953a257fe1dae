package io.tulle.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A response as it came, its body joined. Header lines are kept as sent; trailers come after the body's chunks. */
public record RawResponse(int status, List<String> headers, String body, List<String> trailers) {

    static RawResponse read(InputStream in, boolean toHead) throws IOException {
        var statusLine = line(in);
        var status = Integer.parseInt(statusLine.split(" ", -1)[1]);
        var headers = fields(in);
        var bodiless = toHead || status < 200 || status == 204 || status == 304;
        if (bodiless) return new RawResponse(status, headers, "", List.of());
        if (first(headers, "transfer-encoding").isPresent()) return chunked(in, status, headers);
        var length = first(headers, "content-length");
        var body = length.isPresent() ? in.readNBytes(Integer.parseInt(length.get())) : in.readAllBytes();
        return new RawResponse(status, headers, new String(body, ISO_8859_1), List.of());
    }

    private static RawResponse chunked(InputStream in, int status, List<String> headers) throws IOException {
        var body = new ByteArrayOutputStream();
        for (var size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            if (!line(in).isEmpty()) throw new IOException("a chunk longer than its size");
        }
        return new RawResponse(status, headers, body.toString(ISO_8859_1), fields(in));
    }

    private static List<String> fields(InputStream in) throws IOException {
        var fields = new ArrayList<String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) fields.add(line);
        return List.copyOf(fields);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) throw new IOException("the stream ended inside a line: " + line.toString(ISO_8859_1));
            line.write(b);
        }
        var text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    public Optional<String> header(String name) {
        return first(headers, name);
    }

    private static Optional<String> first(List<String> fields, String name) {
        var start = name.toLowerCase(Locale.ROOT) + ":";
        return fields.stream()
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(start))
                .map(field -> field.substring(start.length()).strip())
                .findFirst();
    }
}
