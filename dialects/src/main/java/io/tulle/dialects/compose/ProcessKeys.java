package io.tulle.dialects.compose;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.compose.ComposeService.Role;
import io.tulle.dialects.reader.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether an entry is a process to start here or something that runs elsewhere, and what is started: of {@code build} and
 * its Dockerfile, {@code image}, {@code entrypoint}, {@code command}, {@code working_dir}, {@code volumes} and
 * {@code x-tulle}.
 */
final class ProcessKeys {
    /** What they start is what is wanted; on a host nobody needs them. */
    private static final Set<String> INITS = Set.of("tini", "tini-static", "dumb-init", "catatonit");

    private final Keys keys;
    private final Surroundings surroundings;
    private final Volumes volumes;
    private final Wish wish;
    private final List<String> entrypoint;
    private final List<String> command;
    private final Optional<String> image;
    private final Optional<String> written;

    /** What {@code x-tulle} asks for. */
    private record Wish(boolean isHost, Optional<String> address) {}

    /** @param environment and ports are those of the image */
    record Found(
            Role role,
            List<String> command,
            Optional<String> workingDirectory,
            SortedMap<String, String> environment,
            Set<Integer> ports) {
        Found {
            command = List.copyOf(command);
            environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        }

        private static Found external(Optional<String> address) {
            return new Found(new Role.External(address), List.of(), Optional.empty(), new TreeMap<>(), Set.of());
        }
    }

    private ProcessKeys(Keys keys, Surroundings surroundings) {
        this.keys = keys;
        this.surroundings = surroundings;
        this.volumes = Volumes.read(keys);
        this.wish = wish(keys);
        this.entrypoint = words("entrypoint");
        this.command = words("command");
        this.image = keys.text("image").filter(text -> !text.isEmpty());
        this.written = keys.text("working_dir").filter(text -> !text.isEmpty());
    }

    static Found read(Keys keys, Surroundings surroundings) {
        var process = new ProcessKeys(keys, surroundings);
        var build = keys.node("build");
        if (process.wish.address().isPresent()) return Found.external(process.wish.address());
        if (build.isPresent()) return process.built(BuildKeys.read(keys, surroundings));
        return process.image.map(process::ofImage).orElseGet(process::plain);
    }

    private static Wish wish(Keys keys) {
        return keys.nested("x-tulle", wish -> {
                    var run = wish.text("run");
                    var address = wish.text("address").filter(text -> !text.isEmpty());
                    if (run.filter(text -> !text.equals("host")).isPresent()) {
                        wish.problem(Codes.COMPOSE_WISH, "run", "can be host alone");
                    }
                    if (address.isPresent() && (run.isPresent() || !isAddress(address.get()))) {
                        wish.problem(
                                Codes.COMPOSE_WISH,
                                "address",
                                run.isPresent() ? "and run contradict each other" : "must be HOST or HOST:PORT");
                        return new Wish(false, Optional.empty());
                    }
                    return new Wish(run.isPresent(), address);
                })
                .orElse(new Wish(false, Optional.empty()));
    }

    private static boolean isAddress(String text) {
        return text.matches("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:[1-9][0-9]{0,4})?");
    }

    private List<String> words(String key) {
        var node = keys.node(key);
        if (node.isEmpty()) return List.of();
        if (node.get() instanceof Node.Sequence) return keys.texts(key);
        var line = keys.text(key).orElse("");
        var words = Words.of(line);
        if (words.isEmpty()) keys.problem(Codes.COMPOSE_COMMAND, key, "has a quote that is not closed");
        return words.orElse(List.of());
    }

    private List<String> own() {
        var all = new ArrayList<>(entrypoint);
        all.addAll(command);
        return all;
    }

    /** Neither {@code build} nor {@code image}: not Compose's, and as good as a process. */
    private Found plain() {
        if (own().isEmpty()) {
            keys.problem(
                    Codes.COMPOSE_NOTHING, "command", "is missing, and there is no image that could run elsewhere");
        }
        return started(own(), written, DockerStage.of("scratch"));
    }

    private Found ofImage(String name) {
        var paths = volumes.over(PathMap.EMPTY);
        var folder = written.flatMap(directory -> paths.host(PathMap.absolute("/", directory)));
        var isSource = Images.isNode(name) && folder.isPresent() && !own().isEmpty();
        if (!wish.isHost() && !isSource) {
            if (!own().isEmpty()) {
                keys.note(
                        Codes.COMPOSE_EXTERNAL,
                        keys.has("command") ? "command" : "entrypoint",
                        "is not run: an entry with an image and no build runs elsewhere",
                        "nothing to do if Docker runs it; x-tulle: {run: host} starts the command on this host instead");
            }
            return Found.external(Optional.empty());
        }
        if (own().isEmpty()) {
            keys.problem(Codes.COMPOSE_NOTHING, "command", "is missing, and x-tulle asks to run it on this host");
        } else if (isSource && !wish.isHost()) {
            keys.note(
                    Codes.COMPOSE_MOUNTED,
                    "image",
                    "is Node's and its working directory is " + shown(folder.orElse("")) + ": it is started here",
                    "nothing to do; x-tulle: {address: HOST:PORT} leaves it to whoever runs it elsewhere");
        }
        return started(
                own(), folder.or(() -> onHost(written)), DockerStage.of(name).with(paths));
    }

    private Found built(BuildKeys build) {
        var stage = build.stage(keys, surroundings, !own().isEmpty());
        if (stage.isEmpty()) {
            return started(own(), onHost(written).or(() -> Optional.of(build.context())), DockerStage.of("scratch"));
        }
        var image = stage.get().with(volumes.over(stage.get().paths()));
        var words = entrypoint.isEmpty() && !command.isEmpty()
                ? joined(image.entrypoint(), command)
                : own().isEmpty() ? image.words() : own();
        if (words.isEmpty()) {
            keys.problem(
                    Codes.COMPOSE_NO_COMMAND,
                    "build",
                    "leads to " + build.file() + ", which has neither CMD nor ENTRYPOINT",
                    "write command: with what to run, such as command: node dist/main.js");
        } else if (own().isEmpty() && !wish.isHost() && !Images.isNode(image.base())) {
            keys.problem(
                    Codes.COMPOSE_NOT_NODE,
                    "build",
                    "is FROM " + image.base() + ", which is not Node: this host may not have what " + words.getFirst()
                            + " needs",
                    "x-tulle: {run: host} runs it here all the same; x-tulle: {address: 127.0.0.1:PORT} leaves it to Docker");
        }
        var directory = written.map(path -> PathMap.absolute(image.workingDirectory(), path))
                .orElse(image.workingDirectory());
        var folder = image.paths().host(directory).orElse(build.context());
        return started(
                new ImageCommand(image.paths(), directory, folder, surroundings).onHost(words),
                Optional.of(folder),
                image);
    }

    private Found started(List<String> words, Optional<String> folder, DockerStage image) {
        var all = withoutInit(words);
        volumes.unseen(image.workingDirectory(), written)
                .ifPresent(said -> keys.note(
                        Codes.COMPOSE_VOLUME, "volumes", said, "nothing to do if the application can do without it"));
        if (!waitsForAnother()) {
            new NodeProject(folder.orElse(""), surroundings)
                    .missing(all)
                    .ifPresent(missing -> keys.problem(
                            Codes.COMPOSE_ARTEFACT,
                            keys.has("command") ? "command" : "build",
                            "needs " + missing.what() + " in " + shown(folder.orElse(""))
                                    + ", which is not there: Tulle builds no image",
                            missing.mend()));
        }
        var environment = new TreeMap<>(image.environment());
        environment.remove("PATH"); // the image's programs are not this host's
        return new Found(new Role.Started(), all, folder, environment, image.ports());
    }

    /** One that has to have succeeded first may be what makes it. */
    private boolean waitsForAnother() {
        return keys.look("depends_on").orElse(Node.Mapping.EMPTY) instanceof Node.Mapping all
                && all.entries().stream()
                        .anyMatch(one -> JsonFields.text(one.value(), "condition")
                                .filter("service_completed_successfully"::equals)
                                .isPresent());
    }

    /** A directory as written, where it is one of this host. */
    private Optional<String> onHost(Optional<String> directory) {
        return directory.filter(
                path -> !Path.of(path).isAbsolute() || surroundings.kind(path) == Surroundings.Kind.FOLDER);
    }

    private static List<String> withoutInit(List<String> words) {
        if (words.isEmpty()) return words;
        var program = words.getFirst().substring(words.getFirst().lastIndexOf('/') + 1);
        if (!INITS.contains(program)) return words;
        var from = 1;
        while (from < words.size() && words.get(from).startsWith("-")) from++;
        return words.subList(from, words.size());
    }

    private static List<String> joined(List<String> first, List<String> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static String shown(String folder) {
        return folder.isEmpty() ? "." : folder;
    }
}
