package io.tulle.labs.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrapeTest {
    @Test
    void sumsTheSeriesThatHaveTheLabels() {
        var scrape = Scrape.of("""
                # HELP istio_requests_total Requests.
                # TYPE istio_requests_total counter
                istio_requests_total{reporter="source",response_code="200",said="a \\"b\\""} 3
                istio_requests_total{reporter="source",response_code="503"} 2
                istio_requests_total{reporter="destination",response_code="200"} 7
                up 1
                """);

        assertEquals(5, scrape.sum("istio_requests_total", Map.of("reporter", "source")));
        assertEquals(1, scrape.sum("up", Map.of()));
        assertEquals(0, scrape.sum("istio_requests_total", Map.of("reporter", "nobody")));
    }

    @Test
    void aLineThatIsNoMetricFailsTheLab() {
        assertThrows(Unmet.class, () -> Scrape.of("<html>"));
    }

    @Test
    void aShareWithinFourDeviationsPassesAndOneOutsideDoesNot() {
        Unmet.unlessShare("v2", 137, 1000, 0.1);
        assertThrows(Unmet.class, () -> Unmet.unlessShare("v2", 138, 1000, 0.1));
        assertThrows(Unmet.class, () -> Unmet.unlessShare("v2", 62, 1000, 0.1));
    }
}
