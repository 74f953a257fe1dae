package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;
import io.tulle.proxy.message.ResponseHead;

/** Responses, each read in the light of its request (RFC 9112 section 6.3: HEAD, 204, 304 and 1xx have no body). */
final class ResponseGrammar implements Grammar {
    /** What the reader of responses tells the connection. */
    interface Listener {
        void interim(ResponseHead head);

        void response(ResponseHead head, boolean last, boolean keepAlive);

        void responseBody(ByteBuf chunk);

        void responseEnd(Headers trailers);
    }

    private final Listener listener;
    private boolean toHead;
    private boolean toUpgrade;
    private boolean http10;
    private boolean interim;
    private int status;

    ResponseGrammar(Listener listener) {
        this.listener = listener;
    }

    /** Says which request the next response answers. */
    void expect(boolean head, boolean upgrade) {
        toHead = head;
        toUpgrade = upgrade;
    }

    @Override
    public boolean startLine(Lines lines) {
        var bytes = lines.bytes();
        var known = lines.length() >= 12
                && lines.text(0, 7).equals("HTTP/1.")
                && (bytes[7] == '0' || bytes[7] == '1')
                && bytes[8] == ' '
                && Octets.isDigit(bytes[9])
                && Octets.isDigit(bytes[10])
                && Octets.isDigit(bytes[11])
                && (lines.length() == 12 || bytes[12] == ' ');
        if (!known) throw new Malformed(Reason.BAD_ANSWER, "malformed status line");
        http10 = bytes[7] == '0';
        status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
        if (status < 100 || status > 599) throw new Malformed(Reason.BAD_ANSWER, "status " + status);
        return true;
    }

    @Override
    public Framing head(Headers fields) {
        if (status == 101 && !toUpgrade) throw new Malformed(Reason.BAD_ANSWER, "101 that nobody asked for");
        interim = status < 200 && status != 101;
        var head = new ResponseHead(status, fields);
        var framing = framing(head);
        var keepAlive = http10 ? fields.lists("connection", "keep-alive") : !fields.lists("connection", "close");
        HopByHop.strip(fields);
        if (interim) listener.interim(head);
        else
            listener.response(
                    head, framing instanceof Framing.Nothing, keepAlive && !(framing instanceof Framing.UntilClose));
        return framing;
    }

    private Framing framing(ResponseHead head) {
        var told =
                Framing.ofResponse(head.headers(), http10); // judged even where it does not count: garbled is garbled
        if (status == 101) return Framing.TUNNEL;
        return head.endsTheMessage(toHead) ? Framing.NOTHING : told;
    }

    @Override
    public boolean isInterim() {
        return interim;
    }

    @Override
    public void body(ByteBuf chunk) {
        listener.responseBody(chunk);
    }

    @Override
    public void end(Headers trailers) {
        listener.responseEnd(trailers);
    }
}
