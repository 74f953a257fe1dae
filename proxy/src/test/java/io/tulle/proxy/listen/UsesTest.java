package io.tulle.proxy.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UsesTest {
    private final MockTicker ticker = Ticker.newMockTicker();
    private final List<String> asked = new ArrayList<>();
    private final Uses uses = new Uses(ticker);

    private void ask() {
        uses.ask(new DestinationDesk() {
            @Override
            public void want(String host) {
                asked.add("+" + host);
            }

            @Override
            public void release(String host) {
                asked.add("-" + host);
            }
        });
    }

    @Test
    void isLetGoAnHourAfterItsLastConnectionEnded() {
        ask();
        uses.begin("a");
        uses.begin("a");
        uses.end("a");
        ticker.advance(3, TimeUnit.HOURS);
        uses.sweep();
        assertEquals(List.of("+a"), asked, "an open connection is use");

        uses.end("a");
        ticker.advance(59, TimeUnit.MINUTES);
        uses.sweep();
        assertEquals(List.of("+a"), asked);
        ticker.advance(1, TimeUnit.MINUTES);
        uses.sweep();
        assertEquals(List.of("+a", "-a"), asked);

        uses.begin("a");
        assertEquals(List.of("+a", "-a", "+a"), asked, "and wanted anew");
    }

    @Test
    void whatWasUsedBeforeIsWantedAndLetGoLikeTheRest() {
        uses.remember("a");
        ask();
        assertEquals(List.of("+a"), asked);
        ticker.advance(1, TimeUnit.HOURS);
        uses.sweep();
        assertEquals(List.of("+a", "-a"), asked);
    }
}
