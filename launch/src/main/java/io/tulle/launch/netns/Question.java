package io.tulle.launch.netns;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a DNS query asks (RFC 1035 section 4): enough of it to answer for names of the mesh, whole to be sent on for others.
 *
 * @param name as it was written, without the dot at its end
 * @param end where the question ends in the message
 */
record Question(String name, int type, int end) {
    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int TYPE_ANY = 255;
    private static final int CLASS_IN = 1;
    private static final int LIFE_SECONDS = 30;
    private static final int ANSWER = 0x8000;
    private static final int AUTHORITATIVE = 0x0400;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final int SERVER_FAILURE = 2;

    /** Reads a query with one question of the class IN; empty for whatever else it may be. */
    static Optional<Question> read(byte[] message) {
        if (message.length < HEADER + 5) return Optional.empty();
        var in = ByteBuffer.wrap(message);
        var flags = in.getShort(2) & 0xffff;
        if ((flags & ANSWER) != 0 || in.getShort(4) != 1) return Optional.empty();
        var name = new StringBuilder();
        in.position(HEADER);
        for (int length = in.get() & 0xff; length != 0; length = in.get() & 0xff) {
            if (length > 63 || name.length() + length > 253 || in.remaining() < length + 5) return Optional.empty();
            if (!name.isEmpty()) name.append('.');
            name.append(new String(message, in.position(), length, StandardCharsets.ISO_8859_1));
            in.position(in.position() + length);
        }
        if (in.remaining() < 4) return Optional.empty();
        var type = in.getShort() & 0xffff;
        return in.getShort() == CLASS_IN
                ? Optional.of(new Question(name.toString(), type, in.position()))
                : Optional.empty();
    }

    /** The answer for a name that has one IPv4 address and nothing else. */
    byte[] answered(byte[] query, InetAddress address) {
        var has = type == TYPE_A || type == TYPE_ANY;
        var out = ByteBuffer.allocate(end + (has ? 16 : 0));
        head(out, query, AUTHORITATIVE | RECURSION_AVAILABLE, has ? 1 : 0);
        if (has) {
            out.putShort((short) (0xc000 | HEADER)).putShort((short) TYPE_A).putShort((short) CLASS_IN);
            out.putInt(LIFE_SECONDS).putShort((short) 4).put(address.getAddress());
        }
        return out.array();
    }

    /** The answer when nobody could be asked. */
    byte[] failed(byte[] query) {
        var out = ByteBuffer.allocate(end);
        head(out, query, RECURSION_AVAILABLE | SERVER_FAILURE, 0);
        return out.array();
    }

    private void head(ByteBuffer out, byte[] query, int flags, int answers) {
        var asked = ByteBuffer.wrap(query).getShort(2) & RECURSION_DESIRED;
        out.put(query, 0, 2).putShort((short) (ANSWER | asked | flags));
        out.putShort((short) 1).putShort((short) answers).putInt(0);
        out.put(query, HEADER, end - HEADER);
    }
}
