package io.tulle.dialects.compose;

import io.tulle.dialects.compose.DockerText.Instruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the stage of a Dockerfile that an image would be built of, as far as it says how a process is started: FROM with
 * its stages, ARG and ENV, WORKDIR, COPY and ADD, CMD, ENTRYPOINT, SHELL and EXPOSE. RUN is never run.
 */
final class Dockerfile {
    /** What a shell would have to look at. Without it a line is words, and the process is not a shell's child. */
    private static final Pattern FOR_A_SHELL = Pattern.compile("[|&;<>()$`\\\\*?\\[#~!{}\\n]");

    private static final int MOST_PORTS = 100;

    private final DockerText text;
    private final String context;
    private final Map<String, String> given;
    private final Surroundings surroundings;
    private final Map<String, String> global = new HashMap<>();
    private final Map<String, DockerStage> named = new HashMap<>();
    private final List<DockerStage> stages = new ArrayList<>();
    private final Map<String, String> arguments = new HashMap<>();
    private List<String> shell = List.of("/bin/sh", "-c");
    private DockerStage stage = DockerStage.of("scratch");
    private String name = "";
    private boolean isOpen; // a stage has begun

    private Dockerfile(DockerText text, String context, Map<String, String> given, Surroundings surroundings) {
        this.text = text;
        this.context = context;
        this.given = Map.copyOf(given);
        this.surroundings = surroundings;
    }

    /**
     * @param context the folder of the build, relative to the Compose file
     * @param arguments {@code build.args}
     * @param target a stage by name or number; the last one when empty
     * @return empty when there is no such stage
     */
    static Optional<DockerStage> read(
            String text,
            String context,
            Map<String, String> arguments,
            Optional<String> target,
            Surroundings surroundings) {
        var file = new Dockerfile(DockerText.parse(text), context, arguments, surroundings);
        file.text.instructions().forEach(file::follow);
        file.finish();
        return target.isPresent()
                ? file.stage(target.get())
                : file.stages.isEmpty() ? Optional.empty() : Optional.of(file.stages.getLast());
    }

    private void follow(Instruction instruction) {
        switch (instruction.word()) {
            case "FROM" -> from(instruction.rest());
            case "ARG" -> words(instruction.rest()).forEach(this::argument);
            case "ENV" -> environment(instruction.rest()).forEach((key, value) -> stage = stage.with(key, value));
            case "WORKDIR" -> stage = stage.in(one(instruction.rest()));
            case "COPY", "ADD" -> copy(instruction.rest());
            case "SHELL" -> shell = DockerText.list(instruction.rest()).orElse(shell);
            case "ENTRYPOINT" -> stage = stage.withEntrypoint(process(instruction.rest()));
            case "CMD" -> stage = stage.withCommand(process(instruction.rest()));
            case "EXPOSE" -> words(instruction.rest()).forEach(this::expose);
            default -> {} // RUN, LABEL, USER, HEALTHCHECK, …: nothing of how a process is started here
        }
    }

    private void from(String rest) {
        finish();
        var words = DockerWords.of(rest, text.escape(), one -> Optional.ofNullable(global.get(one))).stream()
                .filter(word -> !word.startsWith("--"))
                .toList();
        var base = words.isEmpty() ? "scratch" : words.getFirst();
        stage = Optional.ofNullable(named.get(base.toLowerCase(Locale.ROOT))).orElseGet(() -> DockerStage.of(base));
        name = words.size() == 3 && words.get(1).equalsIgnoreCase("AS")
                ? words.get(2).toLowerCase(Locale.ROOT)
                : "";
        arguments.clear();
        shell = List.of("/bin/sh", "-c");
        isOpen = true;
    }

    private void finish() {
        if (!isOpen) return;
        stages.add(stage);
        if (!name.isEmpty()) named.put(name, stage);
        isOpen = false;
    }

    /** By name or number. */
    private Optional<DockerStage> stage(String called) {
        var found = Optional.ofNullable(named.get(called.toLowerCase(Locale.ROOT)));
        if (found.isPresent() || !called.matches("[0-9]{1,4}")) return found;
        var number = Integer.parseInt(called);
        return number < stages.size() ? Optional.of(stages.get(number)) : Optional.empty();
    }

    /** Before the first FROM one is for FROM lines alone, and the default of a stage's that has none. */
    private void argument(String word) {
        var equals = word.indexOf('=');
        var key = equals < 0 ? word : word.substring(0, equals);
        var standard = equals < 0 ? Optional.ofNullable(global.get(key)) : Optional.of(word.substring(equals + 1));
        Optional.ofNullable(given.get(key))
                .or(() -> standard)
                .ifPresent(value -> (isOpen ? arguments : global).put(key, value));
    }

    private Map<String, String> environment(String rest) {
        var all = new LinkedHashMap<String, String>();
        var space = rest.indexOf(' ');
        var equals = rest.indexOf('=');
        if (equals < 0 || (space > 0 && space < equals)) { // ENV KEY the whole rest
            if (space > 0)
                all.put(rest.substring(0, space), one(rest.substring(space + 1).strip()));
            return all;
        }
        for (var word : words(rest)) {
            var at = word.indexOf('=');
            if (at > 0) all.put(word.substring(0, at), word.substring(at + 1));
        }
        return all;
    }

    private void copy(String rest) {
        var list = DockerText.list(rest.replaceFirst("^(--\\S+\\s+)*", ""));
        var options = DockerWords.of(rest, text.escape(), this::variable).stream()
                .takeWhile(word -> word.startsWith("--"))
                .toList();
        var words = list.orElseGet(() ->
                words(rest).stream().filter(word -> !word.startsWith("--")).toList());
        if (words.size() < 2) return;
        var from = options.stream()
                .filter(word -> word.startsWith("--from="))
                .map(word -> word.substring("--from=".length()))
                .findFirst();
        var sources = words.subList(0, words.size() - 1);
        var into = words.getLast();
        for (var source : sources) {
            if (DockerText.isHeredoc(source) || source.contains("://")) continue;
            onHost(source, from).ifPresent(host -> stage = stage.with(copied(source, host, into, sources.size() > 1)));
        }
    }

    /** Where a source lies on this host: in the context, or where another stage has it from. */
    private Optional<String> onHost(String source, Optional<String> from) {
        var plain = withoutPattern(source);
        if (from.isEmpty()) {
            return Optional.of(Path.of(context)
                    .resolve(plain.replaceFirst("^/+", ""))
                    .normalize()
                    .toString());
        }
        return stage(from.get()).flatMap(other -> other.paths().host(PathMap.absolute("/", plain)));
    }

    private PathMap copied(String source, String host, String into, boolean several) {
        var place = PathMap.absolute(stage.workingDirectory(), into);
        var plain = withoutPattern(source);
        var last = plain.substring(plain.lastIndexOf('/') + 1);
        var isFolder = !plain.equals(source) || last.isEmpty() || last.equals(".") || isFolder(host, last);
        if (isFolder) return stage.paths().with(place, host);
        var isInto = several || into.endsWith("/") || into.equals(".") || into.endsWith("/.");
        return stage.paths().with(isInto ? PathMap.absolute(place, last) : place, host);
    }

    /** What is not there yet (it is built first) is a folder when its name looks like one. */
    private boolean isFolder(String host, String last) {
        return switch (surroundings.kind(host)) {
            case FOLDER -> true;
            case FILE -> false;
            case NOTHING -> !last.contains(".");
        };
    }

    /** {@code package*.json} says that its folder's files come here. */
    private static String withoutPattern(String source) {
        if (!source.matches(".*[*?\\[].*")) return source;
        var head = source.substring(0, source.replaceAll("[*?\\[].*", "").length());
        return head.substring(0, head.lastIndexOf('/') + 1) + ".";
    }

    private void expose(String word) {
        var slash = word.indexOf('/');
        if (slash >= 0 && !word.substring(slash + 1).equalsIgnoreCase("tcp")) return;
        var range = (slash < 0 ? word : word.substring(0, slash)).split("-", 2);
        if (!range[0].matches("[0-9]{1,5}") || !range[range.length - 1].matches("[0-9]{1,5}")) return;
        var last = Integer.parseInt(range[range.length - 1]);
        for (int port = Integer.parseInt(range[0]); port <= last; port++) {
            if (port >= 1 && port <= 65535 && stage.ports().size() < MOST_PORTS) stage = stage.exposing(port);
        }
    }

    private List<String> process(String rest) {
        var list = DockerText.list(rest);
        if (list.isPresent()) return list.get();
        if (!FOR_A_SHELL.matcher(rest).find()) {
            var words = Words.of(rest.replaceFirst("^exec\\s+", ""));
            if (words.isPresent() && !words.get().isEmpty()) return words.get();
        }
        var all = new ArrayList<>(shell);
        all.add(rest);
        return all;
    }

    private List<String> words(String rest) {
        return DockerWords.of(rest, text.escape(), this::variable);
    }

    private String one(String rest) {
        return DockerWords.one(rest, text.escape(), this::variable);
    }

    private Optional<String> variable(String key) {
        return Optional.ofNullable(stage.environment().get(key))
                .filter(_ -> isOpen)
                .or(() -> Optional.ofNullable((isOpen ? arguments : global).get(key)));
    }
}
