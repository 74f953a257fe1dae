package io.tulle.launch.netns;

import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rules of a namespace, as text for nftables: connections that leave go to the sidecar's outbound port, those that
 * come to a declared port go to its inbound port, questions for names go to its name server. All else is untouched:
 * loopback, undeclared ports. They are gone with the namespace.
 *
 * @param declared the application's own ports
 */
public record Rules(SortedSet<Integer> declared) {
    /** Where the sidecar takes what the application dials, as in a pod with Istio. */
    public static final int OUTBOUND = 15001;
    /** Where the sidecar takes what comes to the application. */
    public static final int INBOUND = 15006;
    /** Where questions for names are answered. */
    static final int NAMES = 15053;

    private static final Tool NFT = Tool.of("nft", "-f", "-");

    public Rules {
        declared = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(declared));
    }

    String text() {
        var inbound = declared.isEmpty()
                ? ""
                : "    iifname != \"lo\" tcp dport { " + written(declared) + " } redirect to :" + INBOUND + "\n";
        return """
                table inet tulle {
                  set meshports {
                    type inet_service
                  }
                  chain output {
                    type nat hook output priority -100; policy accept;
                    meta l4proto { tcp, udp } th dport 53 redirect to :%d
                    ip daddr 127.0.0.0/8 tcp dport @meshports redirect to :%d
                    ip6 daddr ::1 tcp dport @meshports redirect to :%d
                    oifname "lo" accept
                    meta l4proto tcp redirect to :%d
                  }
                  chain prerouting {
                    type nat hook prerouting priority -100; policy accept;
                %s  }
                }
                """.formatted(NAMES, OUTBOUND, OUTBOUND, OUTBOUND, inbound);
    }

    /** @throws NetnsCode.Refused when nftables or the kernel says no */
    void install(NetworkNamespace namespace) {
        run(namespace, text());
    }

    /**
     * Says which ports of loopback mean a service of the mesh; the application's own never do.
     *
     * @throws NetnsCode.Refused when nftables or the kernel says no
     */
    void meshPorts(NetworkNamespace namespace, SortedSet<Integer> ports) {
        var others = new TreeSet<>(ports);
        others.removeAll(declared);
        var add = others.isEmpty() ? "" : "add element inet tulle meshports { " + written(others) + " }\n";
        run(namespace, "flush set inet tulle meshports\n" + add);
    }

    private static void run(NetworkNamespace namespace, String text) {
        try {
            NFT.in(namespace).run(text);
        } catch (IOException refused) {
            throw NetnsCode.NO_RULES.refused(String.valueOf(refused.getMessage()));
        }
    }

    private static String written(SortedSet<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
