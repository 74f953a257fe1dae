package io.tulle.launch.ports;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The listening TCP sockets of a network, from {@code /proc/.../net/tcp} and {@code tcp6} (Linux, proc_net_tcp). The kernel lists
 * them before all others, so that reading ends at the first that does not listen, however many connections there are.
 */
public record Listening(List<Socket> sockets) {
    private static final Path TABLES = Path.of("/proc/thread-self/net");
    private static final String LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String ANY = "00000000";
    private static final String LOOPBACK = "0100007F"; // 127.0.0.1, in the byte order of the machine
    private static final String ANY_6 = "0".repeat(32);
    private static final String MAPPED = "0000000000000000FFFF0000";

    public Listening {
        sockets = List.copyOf(sockets);
    }

    /**
     * One socket.
     *
     * @param isReached whether a connection to 127.0.0.1 reaches it
     * @param inode names it among the open files of a process
     */
    public record Socket(int port, boolean isReached, long inode) {}

    /** Of the network that the calling thread is in. A table that cannot be read is empty. */
    public static Listening now() {
        var all = new ArrayList<Socket>();
        read(TABLES.resolve("tcp"), all);
        read(TABLES.resolve("tcp6"), all);
        return new Listening(all);
    }

    /** Ports at which a connection to 127.0.0.1 is taken. */
    public SortedSet<Integer> reached() {
        var ports = new TreeSet<Integer>();
        for (var socket : sockets) if (socket.isReached()) ports.add(socket.port());
        return ports;
    }

    /** Ports of the sockets that a group of processes holds open, at any address. */
    public SortedSet<Integer> heldBy(ProcessGroup group) {
        var inodes = group.sockets();
        var ports = new TreeSet<Integer>();
        for (var socket : sockets) if (inodes.contains(socket.inode())) ports.add(socket.port());
        return ports;
    }

    private static void read(Path table, List<Socket> into) {
        try (var in = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            read(in, into);
        } catch (IOException _) {
            // A system without IPv6 has no second table.
        }
    }

    static void read(BufferedReader in, List<Socket> into) throws IOException {
        in.readLine(); // the heading
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var fields = line.strip().split("\\s+");
            if (fields.length <= INODE || !fields[STATE].equals(LISTEN)) return;
            var local = fields[LOCAL].split(":");
            into.add(new Socket(Integer.parseInt(local[1], 16), isReached(local[0]), Long.parseLong(fields[INODE])));
        }
    }

    private static boolean isReached(String address) {
        return address.equals(ANY)
                || address.equals(LOOPBACK)
                || address.equals(ANY_6)
                || address.equals(MAPPED + LOOPBACK)
                || address.equals(MAPPED + ANY);
    }
}
