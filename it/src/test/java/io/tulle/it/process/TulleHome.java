package io.tulle.it.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tulle as a person has it, a command in processes of its own, from the classes under test; and a mesh's files. */
final class TulleHome implements AutoCloseable {
    private final Path home;
    private final Path meshes;
    private final List<Process> started = new ArrayList<>();

    private TulleHome(Path home, Path meshes) {
        this.home = home;
        this.meshes = meshes;
    }

    TulleHome(Path folder) throws IOException {
        home = folder.resolve("home");
        meshes = folder.resolve("meshes");
        var script = home.resolve("bin/tulle");
        Files.createDirectories(script.getParent());
        Files.writeString(
                script,
                "flags=(); . '" + Path.of("../dist/src/bin/vm-output").toRealPath() + "' \"$1\"\n"
                        + String.join(
                                " ",
                                "exec",
                                "'" + System.getProperty("java.home") + "/bin/java'",
                                "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss512k -Xmx256m",
                                "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow",
                                "-XX:+UnlockDiagnosticVMOptions \"${flags[@]}\"",
                                "-Dtulle.home='" + home + "'",
                                "-cp '" + System.getProperty("java.class.path") + "'",
                                "io.tulle.cli.Tulle \"$@\"\n"));
        Files.writeString(home.resolve("bin/tulle"), "#!/bin/bash\n" + Files.readString(script));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    String command() {
        return home.resolve("bin/tulle").toString();
    }

    Map<String, String> environment() {
        return Map.of("TULLE_HOME", meshes.toString());
    }

    Path mesh(String name) {
        return meshes.resolve(name);
    }

    /** Starts a control plane on free ports and returns once its doors are open. */
    void control() throws IOException {
        awaitLine(start("control", "--api", "127.0.0.1:0", "--listen", "127.0.0.1:0"), "is ready");
    }

    /** Reads what a process says until it says this; whatever it says later is read and dropped. */
    static String awaitLine(Process process, String text) throws IOException {
        var said = new StringBuilder();
        var out = process.inputReader();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (!line.contains(text)) continue;
            Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
            return line;
        }
        throw new AssertionError("it ended without '" + text + "':\n" + said);
    }

    /** The same Tulle with the files of other meshes, as another host has it. */
    TulleHome withOtherMeshes() {
        return new TulleHome(home, meshes.resolveSibling("other-meshes"));
    }

    /** Starts a verb; its output and errors are one stream. */
    Process start(String... words) throws IOException {
        return start(Map.of(), words);
    }

    /** The same with more variables in its environment. */
    Process start(Map<String, String> variables, String... words) throws IOException {
        return start(variables, List.of(), words);
    }

    /** The same by a command that runs the rest of its words. */
    Process startWithin(List<String> command, String... words) throws IOException {
        return start(Map.of(), command, words);
    }

    private Process start(Map<String, String> variables, List<String> within, String... words) throws IOException {
        var all = new ArrayList<>(within);
        all.add(command());
        all.addAll(List.of(words));
        var builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().putAll(environment());
        builder.environment().putAll(variables);
        var process = builder.start();
        started.add(process);
        return process;
    }

    /** What a verb said, and what it exited with. */
    record Said(int exit, String text) {}

    Said run(String... words) throws IOException, InterruptedException {
        var process = start(words);
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    @Override
    public void close() {
        for (var process : started.reversed()) {
            process.destroy();
            try {
                if (!process.waitFor(120, TimeUnit.SECONDS))
                    process.destroyForcibly().onExit().join(); // its files are removed next
            } catch (InterruptedException _) {
                process.destroyForcibly();
            }
        }
    }
}
