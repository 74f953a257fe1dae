package io.tulle.xds.codec;

import io.tulle.model.match.PathMatch;
import io.tulle.model.match.TextMatch;
import io.tulle.model.policy.AuthorizationRule.Operation;
import java.util.ArrayList;
import java.util.List;

/** An Operation as its groups are read; each kind of condition may come once, and once negated. */
final class OperationParts {
    private final List<List<TextMatch>> hosts = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<List<Integer>> ports = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<List<TextMatch>> methods = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<List<PathMatch>> paths = List.of(new ArrayList<>(), new ArrayList<>());
    private final Once once = new Once();

    void begin(boolean negated, Node group) {
        once.begin(negated, group);
    }

    void host(TextMatch host) {
        hosts.get(once.in("hosts")).add(host);
    }

    void port(int port) {
        ports.get(once.in("ports")).add(port);
    }

    void method(TextMatch method) {
        methods.get(once.in("methods")).add(method);
    }

    void path(PathMatch path) {
        paths.get(once.in("paths")).add(path);
    }

    Operation operation() {
        return new Operation(
                hosts.get(0),
                hosts.get(1),
                ports.get(0),
                ports.get(1),
                methods.get(0),
                methods.get(1),
                paths.get(0),
                paths.get(1));
    }
}
