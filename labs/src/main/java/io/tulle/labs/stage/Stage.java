package io.tulle.labs.stage;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The shop in a mesh of its own, on free ports: a Redis where one is installed, a control plane, and nine instances, each
 * with its sidecar. Everything is a process of its own, and everything ends with the stage.
 */
public final class Stage implements AutoCloseable {
    /** The mesh's name on the command line. */
    public static final String MESH = "labs";

    private static final Duration START = Duration.ofMinutes(10);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    /** How the shop's instances are started. */
    public enum Way {
        /** All by one {@code tulle up}. */
        UP,
        /** The same, each in a network of its own: {@code tulle up --capture netns}. For root. */
        NETNS,
        /** Each by a {@code tulle run} of its own, as by hand in nine shells. */
        RUNS
    }

    private final Settings settings;
    private final Way way;
    private final Path home;
    private final Map<String, String> environment;
    private final Deque<Program> programs = new ArrayDeque<>();
    private final Deque<Path> policies = new ArrayDeque<>();
    private final Visitor web;
    private final Traffic traffic;
    private final CommandLine tulle;
    private final OtlpSink traces;
    private final boolean redis;
    private Optional<Program> control = Optional.empty();
    private int controls;
    private boolean kept;

    /**
     * What a stage is built of.
     *
     * @param launcher the words that start Tulle
     * @param shop the folder of the example, installed and built
     * @param say where progress goes
     */
    public record Settings(List<String> launcher, Path shop, Consumer<String> say) {
        public Settings {
            launcher = List.copyOf(launcher);
        }
    }

    private Stage(Settings settings, Way way, Path home, OtlpSink traces) {
        this.settings = settings;
        this.way = way;
        this.home = home;
        this.traces = traces;
        this.redis = isInstalled("redis-server");
        var shopPort = freePort();
        this.environment = new HashMap<>(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                traces.address(),
                "TULLE_HOME",
                home.toString(),
                "TULLE_MESH",
                MESH,
                "SHOP_PORT",
                "" + shopPort,
                "REDIS_PORT",
                "" + freePort(),
                "LEDGER_STORE",
                redis ? "redis" : "memory"));
        this.web = new Visitor(new InetSocketAddress(LOOPBACK, shopPort));
        this.traffic = new Traffic(door());
        this.tulle = new CommandLine(settings.launcher(), environment, home);
    }

    /**
     * Starts all of it and waits until every instance is healthy.
     *
     * @throws Unmet when something does not start; the message has its last lines
     */
    public static Stage start(Settings settings) throws IOException, InterruptedException {
        return start(settings, Way.UP);
    }

    /** Another one beside this, started so; it shares nothing with this one. */
    public Stage another(Way other) throws IOException, InterruptedException {
        return start(settings, other);
    }

    private static Stage start(Settings settings, Way way) throws IOException, InterruptedException {
        var home = Scratch.make();
        var stage = new Stage(settings, way, home, OtlpSink.open());
        try {
            stage.open();
            return stage;
        } catch (Throwable e) {
            stage.keep();
            stage.close();
            throw e;
        }
    }

    private void open() throws IOException, InterruptedException {
        if (redis) {
            start(
                    "redis",
                    List.of(
                            "redis-server",
                            "--bind",
                            "127.0.0.1",
                            "--port",
                            port("REDIS_PORT"),
                            "--save",
                            "",
                            "--appendonly",
                            "no"),
                    "Ready to accept connections");
        }
        startControl();
        settings.say().accept("starting the shop: nine instances, each with a sidecar");
        Files.createDirectory(logs());
        switch (way) {
            case UP -> up("auto");
            case NETNS -> up("netns");
            case RUNS -> runs();
        }
    }

    private void up(String capture) throws InterruptedException {
        var compose = settings.shop().resolve("compose.yaml").toString();
        start(
                "up",
                words("up", "-f", compose, "--capture", capture, "--access-log", logs().toString()),
                "all of 'shop' is up");
    }

    /** In no order, as the shells of a person who does not know one. */
    private void runs() throws IOException, InterruptedException {
        if (redis) nameRedis();
        var folder = Files.exists(folder()) ? folder().resolve("shop") : home.resolve("shop");
        Files.createDirectories(folder);
        var started = new ArrayList<Program>();
        for (var run : HandRun.shop(port("SHOP_PORT"), store())) {
            var variables = new HashMap<>(environment);
            variables.putAll(run.variables());
            var all = new ArrayList<>(words(
                    "run",
                    run.name(),
                    "-n",
                    "shop",
                    "--run-dir",
                    folder.resolve(run.name()).toString()));
            all.addAll(List.of("--access-log", logs().toString()));
            all.addAll(run.options());
            all.add("--");
            all.addAll(run.command());
            var program = Program.start(run.name(), all, settings.shop(), variables, folder, " is in the mesh");
            programs.push(program);
            started.add(program);
        }
        for (var program : started) program.await(START);
        await("an answer of the shop", START, () -> isUp("/health") && isUp("/api/book"));
    }

    /** What compose.yaml says of the Redis that is not one of the shop's services; {@code up} makes the same of it. */
    private void nameRedis() {
        tulle.apply("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: { name: redis, namespace: shop }
                spec:
                  hosts: [ redis ]
                  location: MESH_EXTERNAL
                  resolution: STATIC
                  ports: [ { number: 6379, name: tcp, protocol: TCP } ]
                  endpoints: [ { address: 127.0.0.1, ports: { tcp: %s } } ]
                """.formatted(port("REDIS_PORT")));
    }

    private boolean isUp(String path) {
        try {
            return web.ask(path).status() == 200;
        } catch (Unmet _) {
            return false;
        }
    }

    /** The published door of {@code web}. */
    public InetSocketAddress door() {
        return new InetSocketAddress(LOOPBACK, Integer.parseInt(port("SHOP_PORT")));
    }

    /** A visitor at that door. */
    public Visitor web() {
        return web;
    }

    /** A visitor at another door of this host. */
    public Visitor visitor(int port) {
        return new Visitor(new InetSocketAddress(LOOPBACK, port));
    }

    /** Loads on that door. */
    public Traffic traffic() {
        return traffic;
    }

    public CommandLine tulle() {
        return tulle;
    }

    /** Where the ledger keeps its book, as the stage chose: {@code redis} or {@code memory}. */
    public String store() {
        return redis ? "redis" : "memory";
    }

    public Instances instances() {
        return new Instances(folder().resolve("shop"));
    }

    /** The mesh's folder. */
    public Path folder() {
        return home.resolve(MESH);
    }

    /** Where each sidecar of the shop adds a line for each request: {@code web-1.log}. */
    public Path logs() {
        return home.resolve("access");
    }

    /** Where the sidecars send their spans: of the requests whose caller is sampled, and of one in a hundred others. */
    public OtlpSink traces() {
        return traces;
    }

    /** Runs one more instance in the shop's namespace; it is among {@link #instances} until it is closed. */
    public AutoCloseable join(String name, List<String> options, String... command) throws InterruptedException {
        var all = new java.util.ArrayList<>(words("run", name, "-n", "shop", "--run-dir"));
        all.add(folder().resolve("shop").resolve(name).toString());
        all.addAll(options);
        all.add("--");
        all.addAll(Arrays.asList(command));
        return beside(name, all, Map.of(), " is in the mesh");
    }

    /**
     * Runs a program beside the shop, in the example's folder, until it is closed.
     *
     * @param awaited what it prints when it is ready
     */
    public AutoCloseable beside(String name, List<String> words, Map<String, String> variables, String awaited)
            throws InterruptedException {
        var all = new HashMap<>(environment);
        all.putAll(variables);
        var program = Program.start(name, words, shop(), all, folder().resolve("shop"), awaited);
        try {
            program.await(START);
            return program;
        } catch (Throwable e) {
            program.close();
            throw e;
        }
    }

    /** A folder for a lab's own files; gone with the stage. */
    public Path scratch() {
        return home;
    }

    /** The example's folder. */
    public Path shop() {
        return settings.shop();
    }

    /** Applies YAML in namespace {@code shop} and waits for every proxy. It is deleted again after the lab. */
    public void apply(String yaml) {
        policies.push(tulle.apply(yaml));
    }

    /** Takes back what the last {@link #apply} added, at once. */
    public void takeBack() {
        tulle.delete(policies.pop());
    }

    /** Takes back everything that was applied; the next lab begins with a plain shop. */
    public void reset() {
        while (!policies.isEmpty()) takeBack();
    }

    /** What time it is, for what a lab compares. */
    public InstantSource clock() {
        return InstantSource.system();
    }

    /** Starts the control plane; again, after {@link #killControl}. Its certificates live 60 s, so that renewals are seen. */
    public void startControl() throws InterruptedException {
        var number = controls++;
        control = Optional.of(start(
                "control" + (number == 0 ? "" : "-" + number),
                words(
                        "control",
                        "--api",
                        "127.0.0.1:0",
                        "--listen",
                        "127.0.0.1:0", // another one each time: sidecars find it again
                        "--leaf-life",
                        "60",
                        "--reveal-policies"),
                "is ready"));
    }

    /** {@code kill -9} of the control plane. */
    public void killControl() throws InterruptedException {
        var killed = control.orElseThrow();
        killed.signal("KILL");
        killed.awaitEnd();
    }

    /** One more part of the stage, for as long as a lab needs it. */
    public interface Part extends AutoCloseable {
        @Override
        void close();
    }

    /** Another mesh, with a root of its own. */
    public interface Foreign extends Part {
        String mesh();
    }

    /**
     * Runs one more instance in the mesh and waits until it is there.
     *
     * @param options of {@code tulle run}
     * @param command in the shop's folder
     */
    public Part alsoRun(String name, Map<String, String> more, List<String> options, List<String> command)
            throws InterruptedException {
        var all = new ArrayList<>(words("run", name, "-n", "shop"));
        all.addAll(options);
        all.add("--");
        all.addAll(command);
        var variables = new HashMap<>(environment);
        variables.putAll(more);
        var program = Program.start(name, all, settings.shop(), variables, home, name + " is in the mesh");
        return started(program)::close;
    }

    /** Starts a control plane of another mesh of the same names, whose root nobody here trusts. */
    public Foreign foreignMesh() throws InterruptedException {
        var program = started(Program.start(
                "foreign",
                words("control", "--mesh", "foreign", "--api", "127.0.0.1:0", "--listen", "127.0.0.1:0"),
                home,
                environment,
                home,
                "is ready"));
        return new Foreign() {
            @Override
            public String mesh() {
                return "foreign";
            }

            @Override
            public void close() {
                program.close();
            }
        };
    }

    private static Program started(Program program) throws InterruptedException {
        try {
            program.await(START);
            return program;
        } catch (Unmet e) {
            program.close();
            throw e;
        }
    }

    /** Waits for something that comes without being announced; looks ten times a second. */
    public void await(String what, Duration patience, BooleanSupplier there) throws InterruptedException {
        await(() -> what + " did not come within " + patience.toSeconds() + " s", patience, there);
    }

    /** @param missing asked when the time is over: what there is instead */
    public void await(Supplier<String> missing, Duration patience, BooleanSupplier there) throws InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() >= end) throw new Unmet(missing.get());
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /** Does not remove its files at the end, so that somebody can read the logs; says where they are. */
    public void keep() {
        if (kept) return;
        kept = true;
        settings.say().accept("logs are in " + home);
    }

    @Override
    public void close() {
        web.close();
        traffic.close();
        while (!programs.isEmpty()) programs.pop().close();
        traces.close();
        if (!kept) Scratch.remove(home);
    }

    private Program start(String name, List<String> words, String awaited) throws InterruptedException {
        var program = Program.start(name, words, home, environment, home, awaited);
        programs.push(program);
        program.await(START);
        return program;
    }

    private List<String> words(String... arguments) {
        var all = new ArrayList<>(settings.launcher());
        all.addAll(Arrays.asList(arguments));
        return all;
    }

    private String port(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Free a moment ago: nothing on one machine can promise more. */
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, LOOPBACK)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
