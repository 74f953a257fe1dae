package io.tulle.launch.netns;

import io.tulle.launch.hook.HookTable;
import io.tulle.launch.process.RunDirectory;
import io.tulle.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A network of an application's own, the shape of a pod: its namespace, its link to this host, the rules that lead its
 * connections to the sidecar, and its names. The sidecar itself stays outside, with only its sockets inside, so that what
 * it dials leaves by this host's network: no forwarding, no address translation, and hooks on this host are reached too.
 */
public final class OwnNetwork implements AutoCloseable {
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");
    private static final Path SOURCES = Path.of("/etc/nsswitch.conf");

    private final NetworkNamespace namespace;
    private final Link link;
    private final Rules rules;
    private final GivenNames names;
    private final NameServer server;
    private final Path directory;
    private SortedSet<Integer> meshPorts = new TreeSet<>();

    private OwnNetwork(
            NetworkNamespace namespace, Link link, Rules rules, GivenNames names, NameServer server, Path directory) {
        this.namespace = namespace;
        this.link = link;
        this.rules = rules;
        this.names = names;
        this.server = server;
        this.directory = directory;
    }

    /**
     * Makes one.
     *
     * @param rules for the ports that the application declares
     * @param directory of the run; gets the files that the application sees in place of the system's
     * @throws NetnsCode.Refused when this system does not allow it; nothing is left then
     */
    public static OwnNetwork open(Rules rules, RunDirectory directory, RandomGenerator random) {
        var namespace = NetworkNamespace.create();
        try {
            var link = Link.make(namespace, random);
            rules.install(namespace);
            var names = new GivenNames();
            var server = NameServer.start(namespace, names, new HostResolver(RESOLVER));
            var network = new OwnNetwork(namespace, link, rules, names, server, directory.path());
            network.writeFiles(directory);
            return network;
        } catch (RuntimeException refused) {
            namespace.close();
            throw refused;
        }
    }

    /** Why there can be none here, found out by trying what a kernel or a container may refuse; empty when there can. */
    public static Optional<Problem> obstacle() {
        try (var namespace = NetworkNamespace.create()) {
            new Rules(new TreeSet<>()).install(namespace);
            return Optional.empty();
        } catch (NetnsCode.Refused no) {
            return Optional.of(no.problem());
        }
    }

    private void writeFiles(RunDirectory run) {
        try {
            write(run, "resolv.conf", ResolverFile.read(RESOLVER).inMesh());
            if (Files.isReadable(SOURCES)) {
                write(run, "nsswitch.conf", ResolverFile.sources(Files.readString(SOURCES, StandardCharsets.UTF_8)));
            }
            try (var in = OwnNetwork.class.getResourceAsStream("/io/tulle/launch/own-names.sh")) {
                if (in == null) throw new IOException("own-names.sh is missing from the jar");
                run.write("own-names.sh", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Readable by all: the application may be another user than the launcher. */
    private static void write(RunDirectory run, String name, String content) throws IOException {
        Files.setPosixFilePermissions(run.write(name, content), PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Makes sockets in it: see {@link NetworkNamespace#within}. */
    public void within(Runnable work) {
        namespace.within(work);
    }

    /** The application's own address, by which this host and other applications on it reach it. */
    public InetAddress address() {
        return link.address();
    }

    /** Takes what the sidecar knows now: which names there are, and which ports of loopback mean a service. */
    public synchronized void know(HookTable table) {
        names.know(table);
        var ports = names.loopbackPorts();
        if (ports.equals(meshPorts)) return;
        rules.meshPorts(namespace, ports);
        meshPorts = ports;
    }

    /** The name that the application means by what it dialled; empty when it means the address itself. */
    public Optional<String> meantBy(InetSocketAddress dialled) {
        return names.meantBy(dialled);
    }

    /** Whether an address was, or could have been, given out for a name: nobody else is there. */
    public static boolean isGiven(InetAddress address) {
        return GivenNames.isGiven(address);
    }

    /** The words that start a command in it, with names of its own. The process stays the same to the end. */
    public List<String> around(List<String> command) {
        var words = new ArrayList<>(namespace.entering());
        words.addAll(List.of("unshare", "--mount", "--propagation", "private", "--"));
        words.addAll(List.of("bash", directory.resolve("own-names.sh").toString(), directory.toString(), "--"));
        words.addAll(command);
        return List.copyOf(words);
    }

    /** Takes the link away and lets go of the rest, which is gone with the application's last process. */
    @Override
    public void close() {
        server.close();
        link.remove();
        namespace.close();
    }
}
