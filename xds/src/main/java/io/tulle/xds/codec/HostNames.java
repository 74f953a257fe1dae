package io.tulle.xds.codec;

import io.tulle.model.IpBlock;
import io.tulle.model.IpLiteral;
import io.tulle.model.Protocol;
import io.tulle.xds.spec.NameSpec;
import io.tulle.xds.wire.name.Name;
import java.util.TreeMap;

/** A destination by name: a message of our own. Its host is told by the envelope alone. */
final class HostNames {
    private HostNames() {}

    static Name encode(NameSpec spec) {
        var name = Name.newBuilder()
                .addAllHosts(spec.hosts())
                .addAllAddresses(spec.addresses())
                .setVacant(spec.vacant());
        spec.ports()
                .forEach((number, protocol) ->
                        name.addPortsBuilder().setNumber(number).setProtocol(Name.Protocol.valueOf(protocol.name())));
        return name.build();
    }

    static NameSpec decode(String host, Node name) {
        var ports = new TreeMap<Integer, Protocol>();
        for (var port : name.children("ports")) {
            if (ports.put(port.port("number"), Protocol.valueOf(port.choice("protocol"))) != null)
                throw port.invalid("number", "is there twice");
        }
        var addresses = name.texts("addresses");
        addresses.stream()
                .filter(address -> !isAddressOrBlock(address))
                .findFirst()
                .ifPresent(address -> {
                    throw name.invalid("addresses", "has no IP address or block: '" + address + "'");
                });
        return new NameSpec(host, name.texts("hosts"), addresses, ports, name.flag("vacant"));
    }

    private static boolean isAddressOrBlock(String text) {
        try {
            IpBlock.parse(text);
            return true;
        } catch (IllegalArgumentException _) {
            return IpLiteral.isAddress(text);
        }
    }
}
