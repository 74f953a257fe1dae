package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.tulle.model.match.PathNormalizer;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.RequestHead;
import io.tulle.proxy.message.Wire;
import java.util.Locale;
import java.util.Optional;

/** Requests: request line, host, target, what the caller wants of the connection (RFC 9112 sections 3, 6 and 9). */
final class RequestGrammar implements Grammar {
    /** What the reader of requests tells its door. */
    interface Listener {
        /**
         * @param keepAlive whether the caller wants to go on with this connection afterwards
         */
        void request(RequestHead head, boolean last, boolean keepAlive);

        void requestBody(ByteBuf chunk);

        void requestEnd(Headers trailers);
    }

    private final Listener listener;
    private final PathNormalizer paths;
    private RequestLine line = RequestLine.NONE;

    RequestGrammar(Listener listener, PathNormalizer paths) {
        this.listener = listener;
        this.paths = paths;
    }

    @Override
    public boolean startLine(Lines lines) {
        // RFC 9112 section 2.2: one empty line before a request line is let pass.
        if (lines.length() == 0 && lines.taken() == 2) return false;
        line = RequestLine.NONE;
        line = RequestLine.read(lines);
        return true;
    }

    /** Whether what is read, or was read last, is a HEAD. */
    boolean isHead() {
        return line.method().equals("HEAD");
    }

    @Override
    public Framing head(Headers fields) {
        var framing = Framing.ofRequest(fields, line.isHttp10());
        var keepAlive =
                line.isHttp10() ? fields.lists("connection", "keep-alive") : !fields.lists("connection", "close");
        var upgrade = upgrade(fields, framing);
        expectation(fields);
        var target = Target.of(line, fields);
        var path = paths.normalize(target.path()).orElseThrow(() -> new Malformed(Reason.PATH, "no path"));
        fields.remove("host");
        HopByHop.strip(fields);
        if (framing instanceof Framing.Chunked) fields.remove("content-length");
        var wire = line.isHttp10() ? Wire.HTTP_1_0 : Wire.HTTP_1_1;
        var head = new RequestHead(
                wire, line.method(), target.scheme(), target.authority(), path, target.query(), fields, upgrade);
        listener.request(head, framing instanceof Framing.Nothing && upgrade.isEmpty(), keepAlive);
        return framing;
    }

    @Override
    public boolean isInterim() {
        return false;
    }

    @Override
    public void body(ByteBuf chunk) {
        listener.requestBody(chunk);
    }

    @Override
    public void end(Headers trailers) {
        listener.requestEnd(trailers);
    }

    /** WebSocket is the one upgrade that passes; any other is ignored, which RFC 9110 section 7.8 allows. */
    private Optional<String> upgrade(Headers fields, Framing framing) {
        var asked = line.method().equals("GET")
                && !line.isHttp10()
                && framing instanceof Framing.Nothing
                && fields.lists("connection", "upgrade")
                && fields.countOf("upgrade") == 1
                && fields.first("upgrade").orElse("").equalsIgnoreCase("websocket");
        return asked ? Optional.of("websocket") : Optional.empty();
    }

    private void expectation(Headers fields) {
        var expect = fields.joined("expect");
        if (expect.isEmpty()) return;
        if (!expect.get().toLowerCase(Locale.ROOT).equals("100-continue")) {
            throw new Malformed(Reason.EXPECTATION, "not 100-continue");
        }
        if (line.isHttp10()) fields.remove("expect"); // RFC 9110 section 10.1.1: such a client cannot mean it
    }
}
