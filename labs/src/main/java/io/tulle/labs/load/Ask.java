package io.tulle.labs.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request to send. {@code host}, {@code content-length} and, on fresh connections, {@code connection: close} are added where
 * the headers do not say them.
 *
 * @param headers in the order of sending
 * @param body not copied: leave it as it is
 */
@SuppressWarnings("ArrayRecordComponent") // sent, never compared
public record Ask(String method, String path, Map<String, String> headers, byte[] body) {
    private static final byte[] NO_BODY = {};

    public Ask {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        headers.forEach((name, value) -> requireOneLine(name + value));
        requireOneLine(method + path);
    }

    public static Ask get(String path) {
        return new Ask("GET", path, Map.of(), NO_BODY);
    }

    public static Ask post(String path, String json) {
        return new Ask("POST", path, Map.of("content-type", "application/json"), json.getBytes(UTF_8));
    }

    public Ask with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Ask(method, path, more, body);
    }

    ByteBuffer bytes(String host, boolean last) {
        var head =
                new StringBuilder(128).append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        if (lacks("host")) head.append("host: ").append(host).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        var bodyless = body.length == 0 && (method.equals("GET") || method.equals("HEAD"));
        if (!bodyless && lacks("content-length"))
            head.append("content-length: ").append(body.length).append("\r\n");
        if (last && lacks("connection")) head.append("connection: close\r\n");
        var bytes = head.append("\r\n").toString().getBytes(ISO_8859_1);
        return ByteBuffer.allocate(bytes.length + body.length)
                .put(bytes)
                .put(body)
                .flip();
    }

    private boolean lacks(String header) {
        return headers.keySet().stream().noneMatch(header::equalsIgnoreCase);
    }

    private static void requireOneLine(String text) {
        if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line break inside a request line or header: " + text);
        }
    }
}
