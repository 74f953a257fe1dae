package io.tulle.launch.up;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.dialects.ResourceReader;
import io.tulle.dialects.compose.ComposeFile;
import io.tulle.dialects.compose.Profiles;
import io.tulle.dialects.reader.Reader;
import io.tulle.dialects.reader.Yaml;
import io.tulle.launch.capture.Capture;
import io.tulle.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UpPlanTest {
    private static final Path FOLDER = Path.of("/src/shop");
    private static final Overrides AS_WRITTEN = Overrides.none(FOLDER);

    @Test
    void theShopsPlanIsTheOneOnRecord() throws IOException {
        var text = Files.readString(Path.of("../examples/shop/compose.yaml"));
        var plan = UpPlan.of(compose(text), AS_WRITTEN);
        assertEquals(List.of(), plan.problems());
        assertEquals(Files.readString(Path.of("src/test/resources/up/shop.txt")), written(plan));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {expose: ["4000/nest-tcp"]}                                        | --expose 4000/nest-tcp
                    {expose: [4000], labels: {tulle.protocol.4000: nest-tcp}}          | --expose 4000/nest-tcp
                    {ports: [{target: 80, published: "8080", app_protocol: http}]}     | --expose 80/http --publish 80=127.0.0.1:8080
                    {ports: ["3000"]}                                                  | --expose 3000 --publish 3000=127.0.0.1:0
                    {ports: ["0.0.0.0:80:3000"]}                                       | --expose 3000 --publish 3000=0.0.0.0:80
                    {ports: ["[::1]:80:3000"]}                                         | --expose 3000 --publish 3000=[::1]:80
                    {ports: ["80:3000"], expose: ["3000/http"]}                        | --expose 3000/http --publish 3000=127.0.0.1:80
                    {labels: {tulle.capture: env, tier: front}}                        | --label tier=front --capture env
                    """)
    void portsAndLabelsBecomeOptions(String entry, String options) {
        var plan = plan("{services: {a: " + entry.replaceFirst("\\{", "{command: run, ") + "}}");
        assertEquals(List.of(), plan.problems());
        var all = String.join(" ", plan.launches().getFirst().options());
        assertEquals("--service a --namespace shop " + options, all);
    }

    @Test
    void aRangeOfTheHostsPortsIsOneForEachReplica() {
        var plan = plan("{services: {a: {command: run, scale: 2, ports: ['13500-13501:4000']}}}");
        assertEquals(List.of(), plan.problems());
        assertEquals(
                List.of("4000=127.0.0.1:13500", "4000=127.0.0.1:13501"),
                plan.launches().stream().map(one -> one.options().getLast()).toList());
    }

    @Test
    void moreReplicasThanPortsAreToldOf() {
        var plan = plan("{services: {a: {command: run, scale: 3, ports: ['13500-13501:4000']}}}");
        assertEquals(
                List.of("TUL2232"), plan.problems().stream().map(Problem::code).toList());
    }

    /** Node opens it by itself, past the hook, and only with --inspect: who waits for it waits in vain. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {ports: ["3000:3000", "9229:9229"]}                                                | 9229
                    {ports: ["3000:3000"], expose: [9230], entrypoint: node --inspect=0.0.0.0:9230}    | 9230
                    {ports: ["3000:3000", "5858:5858"], environment: {NODE_OPTIONS: --inspect=5858}}   | 5858
            """)
    void aDebuggersPortIsNoneOfTheServices(String entry, int port) {
        var plan = plan("{services: {a: " + entry.replaceFirst("\\{", "{command: run, ") + "}}");
        assertEquals(List.of("3000"), plan.launches().getFirst().declaredPorts());
        assertFalse(plan.launches().getFirst().options().contains(port + "=127.0.0.1:" + port));
        var note = plan.problems().getFirst();
        assertEquals("TUL2180", note.code());
        assertTrue(note.message().contains("port " + port), note::message);
    }

    @Test
    void aDebuggersPortThatSaysWhatItSpeaksIsCarried() {
        var plan = plan("{services: {a: {command: run, expose: [3000, 9229], labels: {tulle.protocol.9229: tcp}}}}");
        assertEquals(List.of("3000", "9229"), plan.launches().getFirst().declaredPorts());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    TUL2230 | {a: {command: x, ports: ["80:3000/grpc"], expose: ["3000/http"]}}
                    TUL2230 | {a: {command: x, expose: ["3000/http"], labels: {tulle.protocol.3000: tcp}}}
                    TUL2231 | {a: {command: x, labels: {tulle.protocol.3000: tcp}}}
                    TUL2231 | {a: {command: x, expose: [3000], labels: {tulle.protocol.3000: smtp}}}
                    TUL2231 | {a: {command: x, labels: {tulle.protocl.3000: tcp}}}
                    TUL2231 | {a: {command: x, labels: {tulle.capture: root}}}
                    TUL2231 | {a: {command: x, labels: {tulle.health.path: /health}}}
                    TUL2231 | {a: {command: x, expose: [1], labels: {tulle.health.path: "/%zz"}}}
                    TUL2232 | {a: {command: x, ports: ["80:1"]}, b: {command: x, ports: ["80:1"]}}
                    TUL2232 | {a: {command: x, ports: ["80:1"], scale: 2}}
                    TUL2233 | {a: {command: x, labels: {app: "not a name"}}}
                    TUL2233 | {a: {command: x, labels: {app: Upper}}}
                    TUL2234 | {a: {command: x, labels: {traefik.rule: "Host(`a`)"}}}
                    TUL2235 | {a: {image: redis}}
                    TUL2236 | {a: {command: x, depends_on: [b]}, b: {command: x, depends_on: [a]}, c: {command: x, depends_on: [a]}}
                    TUL2237 | {a: {command: x, depends_on: [b]}, b: {command: x, profiles: [p]}}
                    TUL2237 | {a: {command: x, depends_on: [b]}, b: {command: x, scale: 0}}
                    TUL2238 | {a: {command: x, depends_on: {b: {condition: service_healthy}}}, b: {image: r, ports: ["1:1"]}}
                    """)
    void whatCannotBePlannedIsSaid(String code, String services) {
        var problems = plan("{services: " + services + "}").problems();
        assertEquals(Set.of(code), problems.stream().map(Problem::code).collect(Collectors.toSet()), "" + problems);
        assertTrue(Arrays.stream(UpCode.values()).anyMatch(one -> one.code().equals(code)));
    }

    @Test
    void aCircleIsNamedWithoutThoseThatOnlyWaitForIt() {
        var plan = plan("{services: {a: {command: x, depends_on: [b]}, b: {command: x, depends_on: [a]},"
                + " c: {command: x, depends_on: [a]}}}");
        assertFalse(plan.isClean());
        assertTrue(plan.problems().getFirst().message().startsWith("a, b depend on"), "" + plan.problems());
    }

    @Test
    void theCommandLineCountsMoreThanTheFile() {
        var overrides = new Overrides(
                FOLDER,
                Optional.of("mine"),
                Optional.of("m2"),
                Capture.Requested.ENV,
                new Profiles(Set.of("extra")),
                new TreeMap<>(Map.of("a", 2)));
        var plan = UpPlan.of(
                compose("{name: shop, services: {a: {command: x}, b: {command: y, profiles: [extra]}}}"), overrides);
        assertEquals("mine", plan.project());
        assertEquals(
                List.of("a-1", "a-2", "b-1"),
                plan.launches().stream().map(Launch::instance).toList());
        assertEquals(
                "run a-2 --service a --namespace mine --mesh m2 --capture env --run-dir /r -- x",
                String.join(" ", plan.launches().get(1).arguments(Path.of("/r"))));
    }

    @Test
    void allProfilesCanBeAskedForAtOnce() {
        var file = compose(
                "{name: shop, services: {a: {command: x}, b: {command: y, profiles: [p]}, c: {command: z, profiles: [q]}}}");
        var all = new Overrides(
                FOLDER,
                Optional.empty(),
                Optional.empty(),
                Capture.Requested.AUTO,
                new Profiles(Set.of("*")),
                new TreeMap<>());
        assertEquals(3, UpPlan.of(file, all).launches().size());
        assertEquals(1, UpPlan.of(file, Overrides.none(FOLDER)).launches().size());
    }

    @Test
    void aProjectsNameMayHaveUnderscoresAsComposeAllows() {
        assertEquals(
                "my-shop", plan("{name: my_shop_, services: {a: {command: x}}}").project());
        assertFalse(plan("{name: My_Shop, services: {a: {command: x}}}").isClean(), "Compose refuses capitals as well");
        var folder = Overrides.none(Path.of("/somewhere/_My_Shop.2"));
        assertEquals(
                "my-shop2",
                UpPlan.of(compose("{services: {a: {command: x}}}"), folder).project());
    }

    @Test
    void variablesThatSteerAJvmReachTheApplicationsAlone() {
        var launch = plan("{services: {a: {command: java A.java, environment: {JAVA_TOOL_OPTIONS: -Xmx1m, B: c}}}}")
                .launches()
                .getFirst();
        assertEquals(Map.of("B", "c"), launch.environment());
        assertEquals(List.of("env", "JAVA_TOOL_OPTIONS=-Xmx1m", "java", "A.java"), launch.command());
    }

    @Test
    void aProjectWithoutANameHasItsFoldersName() {
        var plan = UpPlan.of(compose("{services: {a: {command: x}}}"), Overrides.none(Path.of("/src/My Shop.2/")));
        assertEquals("myshop2", plan.project());
    }

    @Test
    void externalsAreResourcesThatTheReaderTakes() {
        var plan = plan("{services: {redis: {image: r, ports: ['127.0.0.1:6380:6379']}}}");
        var text = Yaml.write(plan.documents());
        var resources = ResourceReader.read(new Reader().yaml("externals.yaml", text.getBytes(UTF_8)), "shop");
        assertEquals(List.of(), resources.problems());
        assertEquals(1, resources.resources().size());
        assertTrue(text.contains("targetPort: 6380"), text);
    }

    private static UpPlan plan(String text) {
        return UpPlan.of(compose(text), AS_WRITTEN);
    }

    private static ComposeFile compose(String text) {
        return Scripts.reading(text).file();
    }

    private static String written(UpPlan plan) {
        var out = new StringBuilder("project " + plan.project() + "\n");
        for (var launch : plan.launches()) {
            out.append('\n').append(launch.instance()).append(" in ").append(launch.workingDirectory());
            out.append("\n  tulle ").append(String.join(" ", launch.arguments(Path.of("RUN"))));
            launch.environment().forEach((key, value) -> out.append("\n  ").append(key + "=" + value));
            launch.needs().forEach(need -> out.append("\n  after " + need.entry() + " " + need.condition()));
            launch.health().ifPresent(health -> out.append("\n  ").append(health));
            out.append("\n  ").append(launch.restart()).append('\n');
        }
        return out + "\n" + Yaml.write(plan.documents());
    }
}
