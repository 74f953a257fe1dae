package io.tulle.launch.hook;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.launch.process.RunDirectory;
import io.tulle.model.world.ServicePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the hook and its settings into a run's folder, and says which environment makes Node load it. */
public final class HookFile {
    /** The Unix socket at which the sidecar takes the application's connections. */
    public static final String OUTBOUND = "out.sock";

    /** The Unix socket of the {@link HookDesk}. */
    public static final String CONTROL = "hook.sock";

    private static final String SETTINGS = "hook.json";

    private HookFile() {}

    /** Who the hook belongs to. */
    public record Owner(String instance, String namespace, List<ServicePort> inbound) {}

    /**
     * Writes hook and settings, both 0600.
     *
     * @param inherited the environment to which the result is added; an own {@code NODE_OPTIONS} is kept
     * @return the variables to set on the application
     */
    public static Map<String, String> write(
            RunDirectory directory,
            HookDesk.Settings settings,
            Owner owner,
            HookTable table,
            Map<String, String> inherited) {
        var script = directory.write("hook.cjs", script());
        var file = directory.write(SETTINGS, text(directory, settings, owner, table));
        var own = inherited.getOrDefault("NODE_OPTIONS", "");
        // Node splits this variable at spaces and reads double quotes with backslash escapes.
        var quoted = "\"" + script.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        var variables = new HashMap<String, String>();
        variables.put("NODE_OPTIONS", (own + " --require " + quoted).strip());
        variables.put("TULLE_HOOK", file.toString());
        return variables;
    }

    /** Replaces the settings whole, for processes that start from now on; those that run hear it from the desk. */
    public static void renew(RunDirectory directory, HookDesk.Settings settings, Owner owner, HookTable table) {
        try {
            Files.deleteIfExists(directory.place(SETTINGS + ".new"));
            var beside = directory.write(SETTINGS + ".new", text(directory, settings, owner, table));
            Files.move(beside, directory.path().resolve(SETTINGS), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(RunDirectory directory, HookDesk.Settings settings, Owner owner, HookTable table) {
        var path = directory.path();
        var fields = new LinkedHashMap<String, Node>();
        fields.put("protocol", Node.of(1));
        fields.put("version", Node.of(settings.version()));
        fields.put("secret", Node.of(settings.secret()));
        fields.put("instance", Node.of(owner.instance()));
        fields.put("namespace", Node.of(owner.namespace()));
        fields.put("control", Node.of(path.resolve(CONTROL).toString()));
        fields.put("outbound", Node.of(path.resolve(OUTBOUND).toString()));
        fields.put(
                "inbound",
                Node.listOf(owner.inbound().stream().map(HookFile::port).toList()));
        fields.put("table", table.toJson());
        return Json.compact(Node.mapOf(fields));
    }

    private static Node port(ServicePort port) {
        var fields = new LinkedHashMap<String, Node>();
        fields.put("port", Node.of(port.port()));
        fields.put("protocol", Node.of(port.protocol().written()));
        return Node.mapOf(fields);
    }

    private static String script() {
        try (var in = HookFile.class.getResourceAsStream("/io/tulle/launch/hook.cjs")) {
            if (in == null) throw new IllegalStateException("hook.cjs is missing from the jar");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
