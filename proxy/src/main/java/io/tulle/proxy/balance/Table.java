package io.tulle.proxy.balance;

import java.util.Arrays;
import java.util.List;

/**
 * Maglev's table (Eisenbud and others, "Maglev", section 3.4), with weights as Envoy fills it: endpoints take turns to choose the next
 * free place in an order of their own. Shares are more even than a ring's, and a lookup is one step; when an endpoint comes or goes
 * a few more hashes move than had to.
 */
final class Table implements Circle {
    private static final int FREE = -1;

    private final List<Member> members;
    private final int[] holders;

    private Table(List<Member> members, int[] holders) {
        this.members = members;
        this.holders = holders;
    }

    static Table of(List<Member> members, int size) {
        var holders = new int[members.isEmpty() ? 0 : size];
        if (!members.isEmpty()) fill(holders, members);
        return new Table(members, holders);
    }

    private static void fill(int[] holders, List<Member> members) {
        int size = holders.length;
        Arrays.fill(holders, FREE);
        var at = new long[members.size()];
        var skip = new long[members.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = Long.remainderUnsigned(XxHash.of(members.get(i).key()), size);
            skip[i] = Long.remainderUnsigned(XxHash.of(members.get(i).key(), 1), size - 1) + 1;
        }
        long heaviest = members.stream().mapToLong(Member::weight).max().orElse(1);
        var due = new long[at.length];
        int filled = 0;
        for (long turn = 1; filled < size; turn++) {
            for (int i = 0; i < at.length && filled < size; i++) {
                if (turn * members.get(i).weight() < due[i]) continue;
                due[i] += heaviest;
                while (holders[(int) at[i]] != FREE) at[i] = (at[i] + skip[i]) % size;
                holders[(int) at[i]] = i;
                filled++;
            }
        }
    }

    @Override
    public int size() {
        return holders.length;
    }

    @Override
    public int placeOf(long hash) {
        return (int) Long.remainderUnsigned(hash, holders.length);
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
