package io.tulle.proxy.trace;

import io.tulle.proxy.message.Headers;
import io.tulle.proxy.trace.RemoteSpan.Sampled;
import java.util.Optional;

/** Zipkin's B3 propagation: the single {@code b3} header first, then the several X-B3 ones. */
final class B3 {
    private static final String SINGLE = "b3";
    private static final String TRACE = "x-b3-traceid";
    private static final String SPAN = "x-b3-spanid";
    private static final String PARENT = "x-b3-parentspanid";
    private static final String SAMPLED = "x-b3-sampled";
    private static final String FLAGS = "x-b3-flags";

    private B3() {}

    static Optional<RemoteSpan> read(Headers headers) {
        var single = headers.first(SINGLE);
        if (single.isPresent()) return single(single.get());
        var trace = headers.first(TRACE);
        var span = headers.first(SPAN);
        if (trace.isEmpty() || span.isEmpty()) return Optional.empty();
        var debug = headers.first(FLAGS).filter("1"::equals).map(_ -> "d");
        return parse(
                trace.get(), span.get(), debug.or(() -> headers.first(SAMPLED)).orElse(""));
    }

    /** A decision without a trace: {@code b3: 0} and {@code X-B3-Sampled: 0} deny. */
    static Sampled decision(Headers headers) {
        var said = headers.first(SINGLE).or(() -> headers.first(SAMPLED)).orElse("");
        return said.length() > 5 ? Sampled.DEFERRED : sampled(said).orElse(Sampled.DEFERRED);
    }

    private static Optional<RemoteSpan> single(String text) {
        var parts = text.split("-", -1);
        if (parts.length < 2 || parts.length > 4) return Optional.empty();
        return parse(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
    }

    private static Optional<RemoteSpan> parse(String trace, String span, String said) {
        var wide = trace.length() == 32;
        if (!(wide || trace.length() == 16) || span.length() != 16) return Optional.empty();
        if (!RemoteSpan.isHex(trace, 0, trace.length()) || !RemoteSpan.isHex(span, 0, 16)) return Optional.empty();
        var high = wide ? RemoteSpan.hex(trace, 0, 16) : 0;
        var low = RemoteSpan.hex(trace, wide ? 16 : 0, trace.length());
        var id = RemoteSpan.hex(span, 0, 16);
        if ((high | low) == 0 || id == 0) return Optional.empty();
        return sampled(said).map(sampled -> new RemoteSpan(high, low, id, 0, sampled));
    }

    private static Optional<Sampled> sampled(String said) {
        return switch (said) {
            case "" -> Optional.of(Sampled.DEFERRED);
            case "1", "d", "true" -> Optional.of(Sampled.YES);
            case "0", "false" -> Optional.of(Sampled.NO);
            default -> Optional.empty();
        };
    }

    /** Whoever reads B3 behind us sees our span in the caller's place. */
    static void rewrite(Headers headers, SpanContext span) {
        var sampled = span.isSampled() ? "1" : "0";
        if (headers.has(SINGLE)) headers.set(SINGLE, span.traceId() + "-" + span.spanId() + "-" + sampled);
        if (!headers.has(TRACE)) return;
        headers.set(TRACE, span.traceId());
        headers.set(SPAN, span.spanId());
        headers.set(SAMPLED, sampled);
        headers.remove(PARENT);
    }
}
