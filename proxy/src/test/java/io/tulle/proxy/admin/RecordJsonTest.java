package io.tulle.proxy.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.policy.RoutePolicy;
import io.tulle.model.policy.TimeoutPolicy;
import io.tulle.xds.spec.RouteSpec;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the admin's pages print of records. */
class RecordJsonTest {
    @Test
    void aSetOfPoliciesIsAListOfThem() {
        var policies = RoutePolicy.set(Optional.of(new TimeoutPolicy(Duration.ofSeconds(2))));

        assertEquals("""
                [{"@": "TimeoutPolicy",
                    "limit": "PT2S"}]
                """, RecordJson.of(policies));
    }

    @Test
    void aRouteWithoutPoliciesHasAnEmptyList() {
        var json = RecordJson.of(RouteSpec.toCluster("all", "c"));

        assertEquals(
                "[]",
                json.lines()
                        .filter(line -> line.strip().startsWith("\"policies\""))
                        .map(line -> line.substring(line.indexOf(':') + 2).replaceAll("[,}]+$", ""))
                        .findFirst()
                        .orElseThrow());
    }
}
