package io.tulle.bench.control;

import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.resource.Resource;
import io.tulle.model.Protocol;
import io.tulle.model.ServiceName;
import io.tulle.model.world.Claimant;
import io.tulle.model.world.Instance;
import io.tulle.model.world.ProxyNode;
import io.tulle.model.world.ServicePort;
import io.tulle.model.world.Workload;
import io.tulle.xds.join.Issued;
import io.tulle.xds.registry.Announcement;
import io.tulle.xds.spec.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** What joins, changes and services cost the control plane, as a program; {@code bench/control} starts it. */
final class ControlBench implements AutoCloseable {
    private static final int PORT = 3000;
    private static final long PATIENCE_SECONDS = 120;
    private static final int RESTING_SECONDS = 5;

    /** Services that a sidecar's application calls. */
    private static final int CALLED = 5;

    private final Setting setting;
    private final Server server;
    private final Crowd crowd;
    private final Path folder;
    private final List<Simulated> instances = new ArrayList<>();
    private int service; // of which the next change is
    private int changed;
    private final StringBuilder table = new StringBuilder("| row | time | CPU of the control plane |\n|---|---|---|\n");

    private ControlBench(Setting setting, Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        this.setting = setting;
        this.folder = folder;
        this.server = Server.start(setting, Files.createDirectories(folder));
        this.crowd = new Crowd();
    }

    public static void main(String[] args) throws Exception {
        var setting = Setting.parse(List.of(args));
        var folder = Files.createTempDirectory("tulle-bench-control");
        try (var rehearsal = new ControlBench(setting.rehearsal(), folder.resolve("rehearsal"))) {
            rehearsal.join();
            rehearsal.serve();
        }
        System.err.println("  (all above was for the clients' own JVM: a control plane that ends now)");
        try (var bench = new ControlBench(setting, folder.resolve("mesh"))) {
            var text = facts(setting) + bench.run();
            System.out.println(text);
            if (setting.result().isPresent()) Files.writeString(setting.result().get(), text);
        }
        System.exit(0); // streams of a thousand clients are not said goodbye to
    }

    private String run() throws IOException, InterruptedException, GeneralSecurityException, TimeoutException {
        var empty = server.memory();
        row("memory, empty", "%.0f MB".formatted(empty), "");
        join();
        serve();
        row("memory, loaded", "%.0f MB".formatted(server.memory()), "");
        for (var uses : Uses.values()) {
            changes("an endpoint changes, " + uses.written, ResourceType.ENDPOINTS, uses, this::moved);
            changes("a route changes, " + uses.written, ResourceType.ROUTES, uses, this::routed);
        }
        var after = server.memory();
        row("memory, after these changes", "%.0f MB".formatted(after), "");
        row("the same above empty, a sidecar", "%.2f MB".formatted((after - empty) / setting.sidecars()), "");
        realSidecars();
        added();
        documents();
        return table.toString();
    }

    /** Which of the services of a sidecar a change is of. */
    private enum Uses {
        SOME(1, "all who use it have it (one sidecar of 20)"),
        ALL(0, "all who use it have it (every sidecar)");

        private final int service;
        private final String written;

        Uses(int service, String written) {
            this.service = service;
            this.written = written;
        }

        boolean isUsedBy(int sidecar) {
            return this == ALL || sidecar % 20 == 0;
        }
    }

    /** What a sidecar's application calls: a service that all do, one that some do, and others. */
    private List<String> called(int sidecar) {
        var hosts = new TreeSet<String>();
        for (var uses : Uses.values()) {
            if (uses.isUsedBy(sidecar)) hosts.add(host(uses.service));
        }
        for (int i = 0; hosts.size() < Math.min(CALLED, setting.services()); i++)
            hosts.add(host((sidecar * 7 + i * 13 + 2) % setting.services()));
        return List.copyOf(hosts);
    }

    /** Every instance is signed a leaf. */
    private void join() throws InterruptedException, IOException {
        var names = new ArrayList<Callable<Simulated>>();
        for (int endpoint = 0; endpoint < setting.endpoints(); endpoint++) {
            for (int service = 0; service < setting.services(); service++) names.add(joining(service, endpoint));
        }
        var sidecars = names.subList(0, setting.sidecars());
        var cpu = server.cpu();
        var began = System.nanoTime();
        instances.addAll(crowd.all(sidecars));
        row(setting.sidecars() + " joins (signing request to leaf)", seconds(began), used(cpu));
        instances.addAll(crowd.all(names.subList(setting.sidecars(), names.size())));
    }

    private Callable<Simulated> joining(int service, int endpoint) {
        return () -> {
            var name = Setting.service(service);
            var namespace = setting.namespace(service);
            var id = name + "-" + endpoint;
            Issued leaf = crowd.join(server.socket(), id, namespace, name);
            return new Simulated(crowd, server.xds(), leaf, announced(id, namespace, name, 20_000 + endpoint));
        };
    }

    /** All register, and the sidecars hear their first configuration. */
    private void serve() throws InterruptedException, IOException, TimeoutException {
        var cpu = server.cpu();
        var began = System.nanoTime();
        var registering = new ArrayList<Callable<Void>>();
        instances.forEach(
                each -> registering.add(() -> each.register(each.announced()).join()));
        crowd.all(registering);
        row(instances.size() + " registrations", seconds(began), used(cpu));
        cpu = server.cpu();
        began = System.nanoTime();
        var came = new ArrayList<CompletableFuture<Long>>();
        for (int i = 0; i < setting.sidecars(); i++) {
            var sidecar = instances.get(i);
            var hosts = called(i);
            came.add(sidecar.serves(setting.services(), hosts.size()));
            sidecar.follow(hosts);
        }
        latest(came);
        row(
                setting.sidecars() + " sidecars are served (names, and " + CALLED + " destinations each)",
                seconds(began),
                used(cpu));
        var first = sidecars().getFirst();
        row("bytes of it, each, names apart", "%.1f KB".formatted(first.bytes() / 1000.0), "");
        row("bytes of a name", "%.0f B".formatted((double) first.nameBytes() / setting.services()), "");
    }

    /** Makes changes of one kind, and waits after each for the resource that shows it. */
    private void changes(String what, ResourceType type, Uses uses, IntConsumer change)
            throws IOException, InterruptedException, TimeoutException {
        var times = new ArrayList<Double>();
        var cpus = new ArrayList<Double>();
        var resting = resting();
        for (int i = 0; i < setting.warm() + setting.changes(); i++) {
            var came = new ArrayList<CompletableFuture<Long>>();
            for (int sidecar = 0; sidecar < setting.sidecars(); sidecar++) {
                if (uses.isUsedBy(sidecar))
                    came.add(instances.get(sidecar).next(type.url(), "outbound|" + PORT + "||" + host(uses.service)));
            }
            var cpu = server.cpu();
            var began = System.nanoTime();
            service = uses.service;
            change.accept(changed++);
            var heard = latest(came);
            if (i < setting.warm()) continue;
            times.add((heard - began) / 1e6);
            cpus.add(server.cpu() - cpu - resting * (System.nanoTime() - began) / 1e9);
        }
        row(
                what + ": median of the 99th percentiles",
                "%.0f ms".formatted(median(times)),
                "%.3f s".formatted(mean(cpus)));
    }

    /** CPU of the server in a second in which nothing changes: heartbeats. */
    private double resting() throws IOException, InterruptedException {
        var cpu = server.cpu();
        TimeUnit.SECONDS.sleep(RESTING_SECONDS);
        return (server.cpu() - cpu) / RESTING_SECONDS;
    }

    private void moved(int change) {
        var last = instances.get((setting.endpoints() - 1) * setting.services() + service);
        var now = last.announced().instance();
        last.register(announced(
                        now.id(), now.service().namespace(), now.service().name(), 30_000 + change))
                .join();
    }

    private void routed(int change) {
        apply(List.of(virtualService(service, change + 1)));
    }

    /** Sidecars as they ship, in the same mesh: what all of it costs one that uses little, and one that uses everything. */
    private void realSidecars() throws IOException, InterruptedException, TimeoutException {
        try (var few = RealSidecar.start(setting, folder, "few", called(0))) {
            row("heap of a sidecar that uses " + CALLED + " of them", "%.1f MB".formatted(few.heap()), "");
        }
        var all = IntStream.range(0, setting.services()).mapToObj(this::host).toList();
        try (var many = RealSidecar.start(setting, folder, "many", all)) {
            row("heap of a sidecar that uses all", "%.1f MB".formatted(many.heap()), "");
            routes(setting.warm());
            var cpu = many.cpu();
            var began = System.nanoTime();
            TimeUnit.SECONDS.sleep(RESTING_SECONDS);
            var resting = (many.cpu() - cpu) / ((System.nanoTime() - began) / 1e9);
            cpu = many.cpu();
            began = System.nanoTime();
            routes(setting.changes());
            var used = many.cpu() - cpu - resting * (System.nanoTime() - began) / 1e9;
            row("CPU of that sidecar for one changed route", "%.1f ms".formatted(1000 * used / setting.changes()), "");
        }
    }

    private void routes(int number) throws InterruptedException, TimeoutException {
        service = Uses.ALL.service;
        for (int i = 0; i < number; i++) {
            var came = sidecars().getFirst().next(ResourceType.ROUTES.url(), "outbound|" + PORT + "||" + host(service));
            routed(changed++);
            latest(List.of(came));
        }
        TimeUnit.MILLISECONDS.sleep(500); // the real one may be a little later
    }

    private void added() throws IOException, InterruptedException, TimeoutException {
        var number = setting.services();
        Simulated one;
        try {
            one = joining(number, 0).call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        var first = sidecars().getFirst();
        var bytes = first.bytes() + first.nameBytes();
        var came = sidecars().stream()
                .map(each -> each.next(ResourceType.NAME.url(), host(number)))
                .toList();
        var cpu = server.cpu();
        var began = System.nanoTime();
        one.register(one.announced()).join();
        var heard = latest(came);
        row("a service is added, all sidecars know its name", "%.0f ms".formatted((heard - began) / 1e6), used(cpu));
        row("bytes of it, each", "%.2f KB".formatted((first.bytes() + first.nameBytes() - bytes) / 1000.0), "");
    }

    private void documents() throws IOException {
        var all = new ArrayList<Resource>();
        for (int i = 0; i < setting.documents(); i++) all.add(virtualService(i, 60 + i));
        var cpu = server.cpu();
        var began = System.nanoTime();
        apply(all);
        row("apply of " + setting.documents() + " documents", seconds(began), used(cpu));
    }

    private void apply(List<Resource> resources) {
        try (var api = server.api()) {
            api.apply(resources, List.of(), false);
        }
    }

    private Resource virtualService(int service, int timeout) {
        var text = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s, namespace: %s}
                spec:
                  hosts: [%s]
                  http: [{timeout: %ds, route: [{destination: {host: %s}}]}]
                """.formatted(
                        Setting.service(service),
                        setting.namespace(service),
                        Setting.service(service),
                        timeout,
                        Setting.service(service));
        return ResourceReader.read(new Reader().yaml("bench", text), setting.namespace(service))
                .resources()
                .getFirst();
    }

    private List<Simulated> sidecars() {
        return instances.subList(0, setting.sidecars());
    }

    private String host(int service) {
        return Setting.service(service) + "." + setting.namespace(service) + ".tulle";
    }

    private static Announcement announced(String id, String namespace, String service, int meshPort) {
        return new Announcement(
                Instance.of(
                        Workload.of(
                                id,
                                new ServiceName(namespace, service),
                                service,
                                Map.of(),
                                "127.0.0.1",
                                meshPort,
                                List.of(new ServicePort(PORT, Protocol.HTTP)),
                                List.of()),
                        Set.of(ProxyNode.NEST_TCP),
                        Instance.Liveness.LIVE),
                "bench",
                "",
                Claimant.UNTOLD);
    }

    /** The moment at which 99 of 100 have it. */
    private static long latest(List<CompletableFuture<Long>> came) throws InterruptedException, TimeoutException {
        var all = CompletableFuture.allOf(came.toArray(CompletableFuture[]::new));
        try {
            all.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        var sorted = came.stream().mapToLong(CompletableFuture::join).sorted().toArray();
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * 0.99) - 1)];
    }

    private String used(double before) throws IOException {
        return "%.2f s".formatted(server.cpu() - before);
    }

    private static String seconds(long began) {
        return "%.1f s".formatted((System.nanoTime() - began) / 1e9);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(0.0);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(each -> each).average().orElse(0);
    }

    private void row(String what, String time, String cpu) {
        table.append("| ")
                .append(what)
                .append(" | ")
                .append(time)
                .append(" | ")
                .append(cpu)
                .append(" |\n");
        System.err.println("  " + what + ": " + time + " " + cpu);
    }

    private static String facts(Setting setting) throws IOException {
        return String.format(
                Locale.ROOT,
                """
                # The control plane, %s

                %d sidecars × %d services × %d endpoints, %d namespaces; load average at the end: %s. Server (-Xmx%s) and simulated sidecars
                share this machine's %d cores; the clients' JVM has met a control plane before, the server's is just started, with its
                start-up cache. %d changes of each kind before %d that are measured. CPU is the server process's, its compiler's
                and collector's included, and that of heartbeats. Memory is the proportional set size after one full collection.

                """,
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                setting.sidecars(),
                setting.services(),
                setting.endpoints(),
                setting.namespaces(),
                Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0],
                setting.heap(),
                Runtime.getRuntime().availableProcessors(),
                setting.warm(),
                setting.changes());
    }

    @Override
    public void close() {
        instances.forEach(Simulated::close);
        crowd.close();
        server.close();
    }
}
