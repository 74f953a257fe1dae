package io.tulle.model;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/**
 * A range of IP addresses, {@code 10.0.0.0/8}, {@code fd00::/8} or one address. All are kept as IPv6, IPv4 as its mapped
 * form (RFC 4291 section 2.5.5.2), so that {@code ::ffff:10.0.0.1} and {@code 10.0.0.1} are the same caller.
 *
 * @param length of the prefix, 128 for one address, of either family
 */
public record IpBlock(Bits network, int length) {
    /** @throws IllegalArgumentException when it is not written as an address, or an address, a slash and a length */
    public static IpBlock parse(String text) {
        var slash = text.indexOf('/');
        var literal = slash < 0 ? text : text.substring(0, slash);
        var address = Bits.of(literal(literal, text));
        var isIpv4 = literal.indexOf(':') < 0;
        var longest = isIpv4 ? 32 : 128;
        var written = slash < 0 ? longest : length(text.substring(slash + 1), longest, text);
        var length = isIpv4 ? written + 96 : written;
        return new IpBlock(address.and(Bits.ofPrefix(length)), length);
    }

    /** @throws IllegalArgumentException where one cannot be read */
    public static Predicate<Bits> anyOf(List<String> blocks) {
        var all = blocks.stream().map(IpBlock::parse).toList();
        return address -> {
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).contains(address)) return true;
            }
            return false;
        };
    }

    public boolean contains(Bits address) {
        return ((address.high ^ network.high) & Bits.ones(length)) == 0
                && ((address.low ^ network.low) & Bits.ones(length - 64)) == 0;
    }

    private static InetAddress literal(String written, String whole) {
        // Java reads 10.1 as 10.0.0.1 and 010 as 10 where others read octal: such forms mean two things, so neither.
        var strict = (written.indexOf(':') >= 0 && written.indexOf('%') < 0)
                || written.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
        if (!strict) throw notABlock(whole);
        try {
            return InetAddress.ofLiteral(written);
        } catch (IllegalArgumentException _) {
            throw notABlock(whole);
        }
    }

    private static int length(String written, int longest, String whole) {
        if (!written.matches("[0-9]{1,3}") || Integer.parseInt(written) > longest) throw notABlock(whole);
        return Integer.parseInt(written);
    }

    private static IllegalArgumentException notABlock(String text) {
        return new IllegalArgumentException("not an IP address or range: '" + text + "'");
    }

    /** An address as 128 bits. */
    public record Bits(long high, long low) {
        public static Bits of(InetAddress address) {
            var bytes = address.getAddress();
            if (address instanceof Inet4Address) return new Bits(0, 0xffff_0000_0000L | number(bytes, 0, 4));
            return new Bits(number(bytes, 0, 8), number(bytes, 8, 16));
        }

        static Bits ofPrefix(int length) {
            return new Bits(ones(length), ones(length - 64));
        }

        Bits and(Bits other) {
            return new Bits(high & other.high, low & other.low);
        }

        private static long ones(int length) {
            if (length <= 0) return 0;
            return length >= 64 ? -1L : -1L << (64 - length);
        }

        private static long number(byte[] bytes, int from, int to) {
            long number = 0;
            for (int i = from; i < to; i++) number = (number << 8) | (bytes[i] & 0xff);
            return number;
        }
    }
}
