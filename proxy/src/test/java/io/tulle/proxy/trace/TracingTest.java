package io.tulle.proxy.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.proxy.message.Headers;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final TraceSettings NEVER_ITSELF = new TraceSettings(true, 0);

    private static SpanContext enter(Headers headers) {
        return enter(headers, NEVER_ITSELF);
    }

    private static SpanContext enter(Headers headers, TraceSettings settings) {
        return Tracing.enter(headers, settings, RandomGenerator.of("L64X128MixRandom"))
                .orElseThrow();
    }

    @Test
    void leavesHeadersAloneWhereTracesAreOff() {
        var headers = Headers.of("traceparent", "nonsense", "tracestate", "a=1");
        assertEquals(
                Optional.empty(), Tracing.enter(headers, TraceSettings.OFF, RandomGenerator.of("L64X128MixRandom")));
        assertEquals(Headers.of("traceparent", "nonsense", "tracestate", "a=1"), headers);
    }

    @Test
    void putsItsSpanInTheCallersPlace() {
        var headers = Headers.of("traceparent", "00-" + TRACE + "-" + SPAN + "-01");
        var span = enter(headers);
        assertEquals(TRACE, span.traceId());
        assertEquals(SPAN, span.parentId());
        assertEquals(Optional.of("00-" + TRACE + "-" + span.spanId() + "-01"), headers.first("traceparent"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-.0",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what",
                "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
                "0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what"
            })
    void beginsAnewWhereTheParentIsNone(String bad) {
        var headers = Headers.of("traceparent", bad, "tracestate", "a=1");
        var span = enter(headers);
        assertEquals("", span.parentId());
        assertFalse(span.traceId().equals(TRACE));
        assertFalse(headers.has("tracestate"));
    }

    @Test
    void beginsAnewWhereParentsAreTwo() {
        var text = "00-" + TRACE + "-" + SPAN + "-01";
        assertEquals(
                "", enter(Headers.of("traceparent", text, "traceparent", text)).parentId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cc-%s-%s-01", "cc-%s-%s-01-what-the-future-brings"})
    void readsWhatItKnowsOfHigherVersions(String shape) {
        var headers = Headers.of("traceparent", shape.formatted(TRACE, SPAN));
        assertEquals(SPAN, enter(headers).parentId());
        assertTrue(headers.first("traceparent").orElseThrow().startsWith("00-" + TRACE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1,b=2", "a=1 , b=2", "a=1,,b=2", "tenant@vendor=x", "a=1,0/0@v=2"})
    void keepsAListOfVendorsAsItIs(String state) {
        var headers = Headers.of("traceparent", "00-" + TRACE + "-" + SPAN + "-00", "tracestate", state);
        enter(headers);
        assertEquals(Optional.of(state), headers.first("tracestate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a=1,a=2", "A=1", "a=1=2", "a@=1", "@v=1", "a =1", "a=", ""})
    void dropsAListThatIsNone(String state) {
        var headers = Headers.of("traceparent", "00-" + TRACE + "-" + SPAN + "-00", "tracestate", state);
        enter(headers);
        assertFalse(headers.has("tracestate"));
    }

    @Test
    void allowsThirtyTwoVendorsAndNoMore() {
        assertTrue(Traceparent.isState(members(32)));
        assertFalse(Traceparent.isState(members(33)));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "v" + i + "=1").collect(Collectors.joining(","));
    }

    @Test
    void readsB3WhereThereIsNoW3cAndRewritesIt() {
        var headers = Headers.of("b3", TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90", "x-b3-sampled", "0");
        var span = enter(headers);
        assertEquals(TRACE, span.traceId());
        assertEquals(SPAN, span.parentId());
        assertTrue(span.isSampled());
        assertEquals(Optional.of(TRACE + "-" + span.spanId() + "-1"), headers.first("b3"));
    }

    @Test
    void readsTheSeveralHeadersOfB3WithShortIds() {
        var headers = Headers.of("x-b3-traceid", SPAN, "x-b3-spanid", SPAN, "x-b3-flags", "1");
        var span = enter(headers);
        assertEquals("0".repeat(16) + SPAN, span.traceId());
        assertTrue(span.isSampled());
        assertEquals(Optional.of(span.spanId()), headers.first("x-b3-spanid"));
    }

    @Test
    void letsB3DenyAndDecidesWhereItLeavesThatOpen() {
        assertFalse(enter(Headers.of("b3", "0"), TraceSettings.ALWAYS).isSampled());
        assertFalse(enter(Headers.of("b3", TRACE + "-" + SPAN + "-0"), TraceSettings.ALWAYS)
                .isSampled());
        assertTrue(enter(Headers.of("b3", TRACE + "-" + SPAN), TraceSettings.ALWAYS)
                .isSampled());
        assertFalse(enter(Headers.of("b3", TRACE + "-" + SPAN)).isSampled());
    }
}
