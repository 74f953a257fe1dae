package io.tulle.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "10.0.0.7, 10.0.0.7, true",
        "10.0.0.7, 10.0.0.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "192.168.1.128/25, 192.168.1.127, false",
        "192.168.1.128/25, 192.168.1.200, true",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, true",
        "2001:db8::/63, 2001:db8:0:1::1, true",
        "2001:db8::/65, 2001:db8::8000:0:0:1, false",
        "::ffff:10.0.0.0/104, 10.2.3.4, true",
        "::ffff:10.0.0.0/104, 11.2.3.4, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "::1, ::1, true",
        "::1, 127.0.0.1, false",
    })
    void containsWhatItsPrefixSays(String block, String address, boolean contains) {
        var bits = IpBlock.Bits.of(InetAddress.ofLiteral(address));
        assertEquals(contains, IpBlock.parse(block).contains(bits));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "localhost", "10.0.0", "10", "010.0.0.1", "10.0.0.256", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1/-1",
                "10.0.0.1/8/8", "0x7f.0.0.1", "::1/129", "::g", "fe80::1%eth0", "10.0.0.1 ", "/8", "*", "1:2:3",
            })
    void refusesWhatIsNoAddressOrMeansTwo(String written) {
        assertThrows(IllegalArgumentException.class, () -> IpBlock.parse(written));
    }
}
