package io.tulle.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.tulle.proxy.message.Reason;

/** Netty's HPACK decoder, which fills our own {@link FieldBlock}s. */
final class HpackReader extends DefaultHttp2HeadersDecoder {
    private final int mostFields;
    private FieldBlock filling;

    HpackReader(Http2Limits limits) {
        super(false, limits.headerBytes());
        this.mostFields = limits.fields();
        this.filling = new FieldBlock(mostFields);
    }

    @Override
    protected Http2Headers newHeaders() {
        filling = new FieldBlock(mostFields);
        return filling;
    }

    /**
     * Decodes a whole section.
     *
     * @throws ProtocolError when the table is out of step, which ends the connection
     */
    FieldBlock read(int stream, ByteBuf block) {
        try {
            decodeHeaders(stream, block);
        } catch (Http2Exception.HeaderListSizeException tooLarge) {
            filling.bad(
                    Reason.HEAD_TOO_LARGE, "over " + maxHeaderListSize() + " bytes"); // decoded to its end all the same
        } catch (Http2Exception broken) {
            throw ProtocolError.ofConnection(Http2Error.COMPRESSION_ERROR, String.valueOf(broken.getMessage()));
        }
        return filling;
    }
}
