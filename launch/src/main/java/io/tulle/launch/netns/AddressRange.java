package io.tulle.launch.netns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * IPv4 addresses with the same first bits.
 *
 * @param first its lowest, as a number
 * @param bits how many are the same
 */
record AddressRange(int first, int bits) {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3})(?:/(\\d{1,2}))?");

    /** Ranges of private addresses (RFC 1918, RFC 6598) that few networks use, in the order in which they are tried. */
    static final List<AddressRange> CANDIDATES =
            List.of(parse("10.213.0.0/16"), parse("172.29.0.0/16"), parse("100.127.0.0/16"), parse("192.168.213.0/24"));

    AddressRange {
        if (bits < 0 || bits > 32) throw new IllegalArgumentException("a range of " + bits + " bits");
        first = first & mask(bits);
    }

    /** @throws IllegalArgumentException when it is none */
    static AddressRange parse(String text) {
        var found = WRITTEN.matcher(text);
        if (!found.matches()) throw new IllegalArgumentException("no range of addresses: '" + text + "'");
        var bits = Optional.ofNullable(found.group(2)).map(Integer::parseInt).orElse(32);
        return new AddressRange(number(InetAddress.ofLiteral(found.group(1))), bits);
    }

    /**
     * The first candidate that no route of this host leads to, but for those to other applications of Tulle.
     *
     * @param routes what {@code ip -4 route show table all} says
     * @param ours how the names of Tulle's own interfaces begin
     */
    static Optional<AddressRange> free(List<String> routes, String ours) {
        var taken = routes.stream()
                .filter(line -> !line.contains(" dev " + ours))
                .map(AddressRange::destination)
                .flatMap(Optional::stream)
                .toList();
        return CANDIDATES.stream()
                .filter(range -> taken.stream().noneMatch(range::overlaps))
                .findFirst();
    }

    /** Where a route leads; the default route leads everywhere and so counts as nowhere. */
    private static Optional<AddressRange> destination(String line) {
        for (var word : line.strip().split("\\s+", 3)) {
            if (WRITTEN.matcher(word).matches()) {
                return Optional.of(parse(word)).filter(range -> range.bits() > 0);
            }
            if (word.equals("default")) return Optional.empty();
        }
        return Optional.empty();
    }

    boolean overlaps(AddressRange other) {
        var common = mask(Math.min(bits, other.bits));
        return (first & common) == (other.first & common);
    }

    /** Any of its addresses, but for its lowest and highest. */
    InetAddress any(RandomGenerator random) {
        return address(first + random.nextInt(1, (1 << (32 - bits)) - 1));
    }

    boolean contains(InetAddress address) {
        return address instanceof Inet4Address && (number(address) & mask(bits)) == first;
    }

    static InetAddress address(int number) {
        return InetAddress.ofLiteral(
                "%d.%d.%d.%d".formatted(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff));
    }

    private static int mask(int bits) {
        return bits == 0 ? 0 : -1 << (32 - bits);
    }

    private static int number(InetAddress address) {
        var bytes = address.getAddress();
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    }
}
