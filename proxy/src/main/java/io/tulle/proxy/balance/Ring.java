package io.tulle.proxy.balance;

import io.tulle.model.policy.Balancing.RingHash;
import java.util.Arrays;
import java.util.List;

/**
 * Ketama's ring, as Envoy lays it: an endpoint has places in proportion to its weight, at the hashes of {@code key_0}, {@code key_1}
 * and so on, and a hash belongs to the next place clockwise. Where one is added to n endpoints, between 1 and 2 of n hashes move: to
 * it, and between the others, since the ring stays as large and each gives up some places.
 */
final class Ring implements Circle {
    private final List<Member> members;
    private final long[] hashes; // with the highest bit turned, so that their order is that of unsigned numbers
    private final int[] holders;

    private Ring(List<Member> members, long[] hashes, int[] holders) {
        this.members = members;
        this.hashes = hashes;
        this.holders = holders;
    }

    static Ring of(List<Member> members, int minimumSize) {
        double total = members.stream().mapToLong(Member::weight).sum();
        double lightest = members.stream().mapToInt(Member::weight).min().orElse(1) / total;
        // The lightest gets a whole number of places, and the others in proportion.
        double scale = Math.min(Math.ceil(lightest * minimumSize) / lightest, RingHash.LARGEST);
        var counts = new int[members.size()];
        double due = 0;
        int size = 0;
        for (int i = 0; i < counts.length; i++) {
            due += scale * members.get(i).weight() / total;
            counts[i] = (int) Math.ceil(due - size);
            size += counts[i];
        }
        return laid(members, counts, size);
    }

    private static Ring laid(List<Member> members, int[] counts, int size) {
        var each = new long[size];
        var of = new int[size];
        int at = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int n = 0; n < counts[i]; n++, at++) {
                each[at] = turned(XxHash.of(members.get(i).key() + "_" + n));
                of[at] = i;
            }
        }
        var sorted = each.clone();
        Arrays.sort(sorted);
        var holders = new int[size];
        for (int i = 0; i < size; i++) holders[Arrays.binarySearch(sorted, each[i])] = of[i];
        return new Ring(members, sorted, holders);
    }

    private static long turned(long hash) {
        return hash ^ Long.MIN_VALUE;
    }

    @Override
    public int size() {
        return hashes.length;
    }

    @Override
    public int placeOf(long hash) {
        int found = Arrays.binarySearch(hashes, turned(hash));
        int place = found < 0 ? -found - 1 : found;
        return place == hashes.length ? 0 : place;
    }

    @Override
    public int holder(int place) {
        return holders[place];
    }

    @Override
    public List<Member> members() {
        return members;
    }
}
