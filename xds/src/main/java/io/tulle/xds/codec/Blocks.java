package io.tulle.xds.codec;

import io.envoyproxy.envoy.config.core.v3.CidrRange;

/** IP blocks: {@code 10.0.0.0/8}; a single address is written without its length ({@code 10.1.2.3}, never {@code /32}). */
final class Blocks {
    private Blocks() {}

    static CidrRange encode(String block) {
        var slash = block.indexOf('/');
        var address = slash < 0 ? block : block.substring(0, slash);
        var whole = whole(address);
        var length = slash < 0 ? whole : Integer.parseInt(block.substring(slash + 1));
        return CidrRange.newBuilder()
                .setAddressPrefix(address)
                .setPrefixLen(Wellknown.number(length))
                .build();
    }

    static String decode(Node range) {
        var address = range.name("address_prefix");
        var length = range.wrapped("prefix_len").orElse(0);
        var whole = whole(address);
        if (length > whole) throw range.invalid("prefix_len", "is longer than the address");
        return length == whole ? address : address + "/" + length;
    }

    private static int whole(String address) {
        return address.indexOf(':') >= 0 ? 128 : 32;
    }
}
