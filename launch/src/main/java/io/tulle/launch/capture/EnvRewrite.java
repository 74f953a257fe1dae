package io.tulle.launch.capture;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The environment of a process that is caught by {@code env}: what names something of the mesh, as {@code scheme://host:port},
 * as {@code host:port} (also several, with commas) or as a pair {@code X_HOST} and {@code X_PORT}, names a door instead.
 *
 * @param changed the variables to set anew
 * @param said one sentence for each thing rewritten, and for each that could not be; no sentence shows a value, since
 *     values hold passwords
 */
public record EnvRewrite(SortedMap<String, String> changed, List<String> said) {
    /** A host and port within a text. What stands before must not make it part of a longer word, or of a user's name. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?<scheme>\\b[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^\\s/@,]*@)?)|(?<![\\w.:@/-]))"
                    + "(?<host>\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
                    + "(?::(?<port>[0-9]{1,5}))?(?![\\w.:@-])");

    /** A value longer than this is no address. */
    private static final int LONGEST = 8_192;

    private static final Map<String, Integer> USUAL_PORTS = Map.ofEntries(
            Map.entry("http", 80),
            Map.entry("https", 443),
            Map.entry("ws", 80),
            Map.entry("wss", 443),
            Map.entry("redis", 6379),
            Map.entry("postgres", 5432),
            Map.entry("postgresql", 5432),
            Map.entry("mysql", 3306),
            Map.entry("mongodb", 27017),
            Map.entry("amqp", 5672),
            Map.entry("nats", 4222));

    /** Names of a variable that holds a host, by their end; the port's variable has PORT in its place. */
    private static final List<String> HOST_ENDS = List.of("HOSTNAME", "HOST", "ADDRESS", "ADDR");

    public EnvRewrite {
        changed = Collections.unmodifiableSortedMap(new TreeMap<>(changed));
        said = List.copyOf(said);
    }

    /** Rewrites what leads into the mesh. Order of the variables never matters. */
    public static EnvRewrite of(Map<String, String> environment, Doors doors) {
        var work = new Work(new TreeMap<>(environment), doors, new TreeMap<>(), new ArrayList<>());
        work.environment.keySet().forEach(work::pair);
        work.environment.forEach((variable, value) -> {
            if (!work.changed.containsKey(variable)) work.addresses(variable, value);
        });
        return new EnvRewrite(work.changed, work.said);
    }

    private record Work(
            SortedMap<String, String> environment, Doors doors, SortedMap<String, String> changed, List<String> said) {

        private void pair(String variable) {
            var end = HOST_ENDS.stream().filter(variable::endsWith).findFirst();
            if (end.isEmpty()) return;
            var host = environment.getOrDefault(variable, "");
            var portVariable =
                    variable.substring(0, variable.length() - end.get().length()) + "PORT";
            var port = Optional.ofNullable(environment.get(portVariable)).flatMap(EnvRewrite::port);
            if (port.isEmpty() || !host.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) return;
            doors.doorTo(host, port.get()).ifPresent(door -> {
                changed.put(variable, literal(door, false));
                changed.put(portVariable, Integer.toString(door.getPort()));
                said.add(variable + " and " + portVariable + ": " + host + ":" + port.get() + " is now "
                        + literal(door, true) + ":" + door.getPort());
            });
        }

        private void addresses(String variable, String value) {
            if (value.length() > LONGEST) return;
            var found = ADDRESS.matcher(value);
            var out = new StringBuilder();
            var any = false;
            while (found.find()) {
                var scheme = Optional.ofNullable(found.group("scheme")).orElse("");
                var host = found.group("host");
                var written = Optional.ofNullable(found.group("port"));
                var usual = Optional.ofNullable(USUAL_PORTS.get(word(scheme)));
                var port = written.isPresent() ? written.flatMap(EnvRewrite::port) : usual;
                var door = port.flatMap(number -> doors.doorTo(bare(host), number));
                if (door.isEmpty() || isTls(scheme)) {
                    if (door.isPresent()) {
                        said.add(variable + ": " + host + " is left as it is: it speaks TLS itself, to that name");
                    }
                    continue;
                }
                any = true;
                found.appendReplacement(out, "");
                out.append(scheme)
                        .append(literal(door.get(), true))
                        .append(':')
                        .append(door.get().getPort());
                said.add(variable + ": " + host + ":" + port.get() + " is now " + literal(door.get(), true) + ":"
                        + door.get().getPort());
            }
            if (any) changed.put(variable, found.appendTail(out).toString());
        }
    }

    /** The scheme's own word: {@code postgresql} of {@code jdbc:postgresql://}, which the pattern begins after the colon. */
    private static String word(String scheme) {
        var end = scheme.indexOf("://");
        return end < 0 ? "" : scheme.substring(0, end);
    }

    /** A certificate is checked against the name dialled, and a door's name is another. */
    private static boolean isTls(String scheme) {
        var word = word(scheme);
        return word.equals("https") || word.equals("wss") || word.equals("rediss") || word.equals("amqps");
    }

    private static Optional<Integer> port(String text) {
        if (!text.matches("[0-9]{1,5}")) return Optional.empty();
        return Optional.of(Integer.parseInt(text)).filter(port -> port >= 1 && port <= 65535);
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static String literal(InetSocketAddress door, boolean inAddress) {
        var text = door.getAddress().getHostAddress();
        return inAddress && text.contains(":") ? "[" + text + "]" : text;
    }
}
