package io.tulle.launch.up;

import io.tulle.dialects.compose.ComposeService;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The ports at which Node takes debuggers: 9229, and those that {@code --inspect} names. Node itself opens such a port, on this
 * host and past the hook, and only when it is told to.
 */
final class Debugger {
    private static final int USUAL = 9229;
    private static final Pattern INSPECT =
            Pattern.compile("--(?:inspect|inspect-brk|inspect-wait|inspect-port|debug-port)=(?:\\S*:)?(\\d{1,5})\\b");

    private Debugger() {}

    static SortedSet<Integer> ports(ComposeService service) {
        var ports = new TreeSet<>(Set.of(USUAL));
        var options =
                Optional.ofNullable(service.environment().get("NODE_OPTIONS")).orElse("");
        var named = INSPECT.matcher(String.join(" ", service.command()) + " " + options);
        while (named.find()) ports.add(Integer.parseInt(named.group(1)));
        return ports;
    }
}
