package io.tulle.agent.gateway;

import io.tulle.agent.run.Member;
import io.tulle.agent.run.RunSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * What one gateway is told.
 *
 * @param listen the address at which its doors stand
 * @param ports of doors that stand under another number than is declared: declared port to the one of this host
 * @param reach where peers within the mesh find it
 * @param drain how long work in flight may take when it ends
 * @param threads event loops
 */
public record GatewaySettings(
        Member member,
        InetAddress listen,
        Map<Integer, Integer> ports,
        RunSettings.Reach reach,
        Duration drain,
        int threads) {
    public GatewaySettings {
        ports = Map.copyOf(ports);
    }

    /** Where a door that is declared for every address of a host stands on this one. */
    InetSocketAddress place(InetSocketAddress declared) {
        return new InetSocketAddress(listen, ports.getOrDefault(declared.getPort(), declared.getPort()));
    }
}
