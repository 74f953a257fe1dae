package io.tulle.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.tulle.proxy.message.Headers;
import io.tulle.proxy.message.Reason;

/** Finds the end of one body and hands on its bytes as slices; nothing is gathered. Chunks: RFC 9112 section 7.1. */
final class BodyReader {
    private enum Step {
        SIZE,
        BYTES,
        BYTES_END,
        TRAILERS
    }

    private final Grammar grammar;
    private final Lines sizeLines;
    private final Lines trailerLines;
    private final int maxFields;
    private Framing framing = Framing.NOTHING;
    private Step step = Step.SIZE;
    private long left;
    private Headers trailers = Headers.empty();

    BodyReader(Grammar grammar, Limits limits) {
        this.grammar = grammar;
        this.sizeLines = new Lines(limits.chunkLineBytes());
        this.trailerLines = new Lines(limits.headBytes());
        this.maxFields = limits.fields();
    }

    void start(Framing how) {
        framing = how;
        trailers = Headers.empty();
        step = Step.SIZE;
        left = how instanceof Framing.Length(var bytes) ? bytes : 0;
        sizeLines.restart();
        trailerLines.restart();
    }

    boolean endsWithConnection() {
        return framing instanceof Framing.UntilClose || framing instanceof Framing.Tunnel;
    }

    Headers trailers() {
        return trailers;
    }

    /**
     * @return whether the body is whole; else all that could be understood was taken
     */
    boolean read(ByteBuf in) {
        return switch (framing) {
            case Framing.Nothing _ -> true;
            case Framing.Length _ -> {
                pass(in);
                yield left == 0;
            }
            case Framing.Chunked _ -> chunks(in);
            case Framing.UntilClose _, Framing.Tunnel _ -> {
                if (in.isReadable()) grammar.body(in.readRetainedSlice(in.readableBytes()));
                yield false;
            }
        };
    }

    private void pass(ByteBuf in) {
        var size = (int) Math.min(left, in.readableBytes());
        if (size == 0) return;
        left -= size;
        grammar.body(in.readRetainedSlice(size));
    }

    private boolean chunks(ByteBuf in) {
        while (in.isReadable()) {
            switch (step) {
                case SIZE -> {
                    if (!sizeLines.take(in)) return false;
                    left = ChunkSize.of(sizeLines);
                    step = left == 0 ? Step.TRAILERS : Step.BYTES;
                }
                case BYTES -> {
                    pass(in);
                    if (left == 0) step = Step.BYTES_END;
                }
                case BYTES_END -> {
                    if (in.readableBytes() < 2) return false;
                    if (in.readShort() != 0x0d0a) throw new Malformed(Reason.CHUNK, "bytes past its size");
                    sizeLines.restart();
                    step = Step.SIZE;
                }
                case TRAILERS -> {
                    if (!trailerLines.take(in)) return false;
                    if (trailerLines.length() == 0) return true;
                    trailer();
                }
            }
        }
        return false;
    }

    private void trailer() {
        if (trailers.count() == maxFields)
            throw new Malformed(Reason.HEAD_TOO_LARGE, "over " + maxFields + " trailers");
        FieldLine.read(trailerLines, trailers);
        switch (trailers.name(trailers.count() - 1)) {
            case "transfer-encoding", "content-length", "host", "connection", "upgrade", "te", "trailer" ->
                throw new Malformed(Reason.TRAILER, "framing or routing field");
            default -> {}
        }
    }
}
