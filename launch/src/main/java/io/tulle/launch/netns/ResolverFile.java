package io.tulle.launch.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code /etc/resolv.conf} says (resolv.conf(5)).
 *
 * @param search the domains that short names are tried in
 */
record ResolverFile(List<String> servers, List<String> search, List<String> options) {
    /** An address of loopback that no resolver of the host stands at; the rules lead its port elsewhere anyway. */
    private static final String OURS = "127.0.0.53";

    ResolverFile {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }

    /** One that is not there says nothing. */
    static ResolverFile read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException _) {
            return parse(List.of());
        }
    }

    static ResolverFile parse(List<String> lines) {
        var servers = new ArrayList<String>();
        List<String> search = List.of();
        var options = new ArrayList<String>();
        for (var line : lines) {
            var words = List.of(line.strip().split("\\s+"));
            var rest = words.subList(1, words.size());
            switch (words.getFirst()) {
                case "nameserver" -> servers.addAll(rest.stream().limit(1).toList());
                case "search", "domain" -> search = rest;
                case "options" -> options.addAll(rest);
                default -> {} // comments, sortlist
            }
        }
        return new ResolverFile(servers, search, options);
    }

    /**
     * The same for an application whose names the mesh answers. Each name is asked for as it is written before any search
     * domain is tried ({@code ndots:0}): {@code catalog} is the mesh's, whatever {@code catalog.corp.example} may be.
     */
    String inMesh() {
        var kept = options.stream()
                .filter(option -> !option.startsWith("ndots:")
                        && !Set.of("edns0", "trust-ad").contains(option));
        var lines = Stream.of(
                "nameserver " + OURS,
                search.isEmpty() ? "" : "search " + String.join(" ", search),
                "options " + Stream.concat(kept, Stream.of("ndots:0")).collect(Collectors.joining(" ")));
        return lines.filter(line -> !line.isEmpty()).collect(Collectors.joining("\n", "", "\n"));
    }

    /** {@code /etc/nsswitch.conf} with names looked for in files, then by DNS: other sources would not know the mesh. */
    static String sources(String nsswitch) {
        return nsswitch.lines()
                .map(line -> line.startsWith("hosts:") ? "hosts: files dns" : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
