package io.tulle.proxy.balance;

import java.nio.charset.StandardCharsets;

/**
 * XXH64 of a text's UTF-8, the hash that Envoy's rings, tables and hash policies use: what both are told is sent to the same
 * endpoint by both. Allocates nothing for ASCII.
 */
public final class XxHash {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private XxHash() {}

    public static long of(String text) {
        return of(text, 0);
    }

    static long of(String text, long seed) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                // Every byte as a char of its own, which reads the same below.
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                return ofOctets(new String(bytes, StandardCharsets.ISO_8859_1), seed);
            }
        }
        return ofOctets(text, seed);
    }

    private static long ofOctets(String octets, long seed) {
        int length = octets.length();
        int at = 0;
        long hash = seed + P5;
        if (length >= 32) {
            long a = seed + P1 + P2;
            long b = seed + P2;
            long c = seed;
            long d = seed - P1;
            for (; at <= length - 32; at += 32) {
                a = round(a, eight(octets, at));
                b = round(b, eight(octets, at + 8));
                c = round(c, eight(octets, at + 16));
                d = round(d, eight(octets, at + 24));
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = merge(merge(merge(merge(hash, a), b), c), d);
        }
        hash += length;
        for (; at <= length - 8; at += 8) {
            hash = Long.rotateLeft(hash ^ round(0, eight(octets, at)), 27) * P1 + P4;
        }
        if (at <= length - 4) {
            hash = Long.rotateLeft(hash ^ four(octets, at) * P1, 23) * P2 + P3;
            at += 4;
        }
        for (; at < length; at++) hash = Long.rotateLeft(hash ^ octets.charAt(at) * P5, 11) * P1;
        return avalanche(hash);
    }

    private static long round(long sum, long input) {
        return Long.rotateLeft(sum + input * P2, 31) * P1;
    }

    private static long merge(long hash, long sum) {
        return (hash ^ round(0, sum)) * P1 + P4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * P2;
        mixed = (mixed ^ (mixed >>> 29)) * P3;
        return mixed ^ (mixed >>> 32);
    }

    private static long eight(String octets, int at) {
        return four(octets, at) | four(octets, at + 4) << 32;
    }

    private static long four(String octets, int at) {
        return octets.charAt(at)
                | (long) octets.charAt(at + 1) << 8
                | (long) octets.charAt(at + 2) << 16
                | (long) octets.charAt(at + 3) << 24;
    }
}
