package io.tulle.launch.netns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The pair of virtual interfaces between a namespace and this host, each end with an address of its own and a route to the
 * other alone: no bridge, no forwarding and no rule of the host is touched. The pair is gone when the namespace is.
 *
 * @param name of the host's end
 * @param address of the application's end
 */
record Link(String name, InetAddress address) {
    /** How the names of all hosts' ends begin; eight more characters follow, of fifteen that Linux allows. */
    static final String PREFIX = "tulle";

    /** The host's end, on every link alike: link-local addresses (RFC 3927) need to be unique on one link only. */
    static final String GATEWAY = "169.254.77.1";

    private static final int TRIES = 20;

    /**
     * Makes the pair. Two launchers may choose the same address in the same moment: the route to it can be added only
     * once, and the one that comes second chooses anew.
     *
     * @throws NetnsCode.Refused when the system says no
     */
    static Link make(NetworkNamespace namespace, RandomGenerator random) {
        try {
            var routes = Tool.of("ip", "-4", "route", "show", "table", "all")
                    .run("")
                    .lines()
                    .toList();
            var range = AddressRange.free(routes, PREFIX)
                    .orElseThrow(() -> NetnsCode.NO_RANGE.refused("none is free of " + AddressRange.CANDIDATES));
            for (int i = 1; ; i++) {
                var link = new Link(PREFIX + HexFormat.of().toHexDigits(random.nextInt()), range.any(random));
                try {
                    link.build(namespace);
                    return link;
                } catch (IOException refused) {
                    link.remove();
                    if (i == TRIES || !String.valueOf(refused.getMessage()).contains("File exists")) throw refused;
                }
            }
        } catch (IOException refused) {
            throw NetnsCode.NO_LINK.refused(String.valueOf(refused.getMessage()));
        }
    }

    private void build(NetworkNamespace namespace) throws IOException {
        var ip = address.getHostAddress();
        Tool.of("ip", "-batch", "-").run("""
                link add %1$s type veth peer name eth0 netns %2$s
                addr add %3$s/32 dev %1$s
                link set %1$s up
                route add %4$s/32 dev %1$s src %3$s
                """.formatted(name, namespace.path(), GATEWAY, ip));
        Tool.of("ip", "-batch", "-").in(namespace).run("""
                link set lo up
                addr add %1$s/32 dev eth0
                link set eth0 up
                route add %2$s dev eth0 scope link
                route add default via %2$s dev eth0
                """.formatted(ip, GATEWAY));
        if (hasIpv6()) {
            // Nothing leaves by it: the rules lead every connection to the sidecar first.
            Tool.of("ip", "-6", "-batch", "-").in(namespace).run("""
                    addr add fd54:756c:6c65::%s/128 dev eth0 nodad
                    route add default dev eth0
                    """.formatted(
                            HexFormat.of().formatHex(address.getAddress(), 0, 2) + ":"
                                    + HexFormat.of().formatHex(address.getAddress(), 2, 4)));
        }
    }

    /** An application that prefers IPv6 must not be told that the world has it when this host does not. */
    private static boolean hasIpv6() throws IOException {
        return List.of(Tool.of("ip", "-6", "route", "show", "default").run("").split("\n")).stream()
                .anyMatch(line -> line.startsWith("default"));
    }

    /** Removes it before its namespace is gone. */
    void remove() {
        try {
            Tool.of("ip", "link", "del", name).run("");
        } catch (IOException _) {
            // it is gone already
        }
    }
}
