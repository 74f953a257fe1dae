package io.tulle.agent.run;

import io.tulle.launch.netns.OwnNetwork;
import io.tulle.launch.netns.Rules;
import io.tulle.launch.process.RunDirectory;
import io.tulle.model.world.ServicePort;
import io.tulle.proxy.SidecarSettings;
import io.tulle.proxy.listen.DialledNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** The sidecar's sockets in a network of the application's own, at the ports that a pod with Istio has. */
final class NetworkCapture {
    private static final InetSocketAddress MESH =
            new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), Rules.INBOUND);
    private static final List<InetSocketAddress> OUTBOUND = List.of(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Rules.OUTBOUND),
            new InetSocketAddress(InetAddress.ofLiteral("::1"), Rules.OUTBOUND));

    private NetworkCapture() {}

    /** @throws io.tulle.launch.netns.NetnsCode.Refused when this system does not allow it */
    static OwnNetwork open(RunSettings settings, RunDirectory directory, RandomGenerator random) {
        var declared = settings.expose().stream().map(ServicePort::port).collect(Collectors.toCollection(TreeSet::new));
        return OwnNetwork.open(new Rules(declared), directory, random);
    }

    static SidecarSettings settings(OwnNetwork network) {
        var redirect = new SidecarSettings.Redirect(OUTBOUND, network::within, new Names(network));
        return SidecarSettings.DEFAULT.withInbound(MESH).with(redirect);
    }

    private record Names(OwnNetwork network) implements DialledNames {
        @Override
        public Optional<String> meantBy(InetSocketAddress dialled) {
            return network.meantBy(dialled);
        }

        @Override
        public boolean isOurs(InetAddress address) {
            return OwnNetwork.isGiven(address);
        }
    }
}
