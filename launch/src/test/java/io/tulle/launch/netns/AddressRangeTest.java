package io.tulle.launch.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressRangeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            default via 192.0.2.1 dev eth0                             | 10.213.0.0/16
            10.0.0.0/24 dev eth0                                       | 10.213.0.0/16
            10.0.0.0/8 via 10.0.0.1 dev vpn0                           | 172.29.0.0/16
            local 10.213.4.4 dev eth0 table local proto kernel         | 172.29.0.0/16
            broadcast 10.213.255.255 dev eth0 table local              | 172.29.0.0/16
            10.213.7.9 dev tulle0123abcd scope link src 169.254.77.1   | 10.213.0.0/16
            unreachable 10.192.0.0/11 dev lo                           | 172.29.0.0/16
            """)
    void theFirstRangeThatNoRouteLeadsToIsTaken(String route, String expected) {
        assertEquals(
                Optional.of(AddressRange.parse(expected)),
                AddressRange.free(List.of("default via 192.0.2.1 dev eth0", route), "tulle"));
    }

    @Test
    void aHostWhoseRoutesLeadEverywhereHasNoFreeRange() {
        var halves = List.of("0.0.0.0/1 dev vpn0", "128.0.0.0/1 dev vpn0");

        assertEquals(Optional.empty(), AddressRange.free(halves, "tulle"));
    }

    @Test
    void anAddressIsWithinItsRangeAndNeverItsFirstOrLast() {
        var random = new SplittableRandom(7);
        var range = AddressRange.parse("192.168.213.99/30");
        for (var i = 0; i < 100; i++) {
            var address = range.any(random).getHostAddress();
            assertTrue(List.of("192.168.213.97", "192.168.213.98").contains(address), address);
        }
    }
}
