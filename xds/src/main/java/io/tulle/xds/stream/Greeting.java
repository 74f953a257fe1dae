package io.tulle.xds.stream;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.tulle.xds.XdsCode;
import java.util.Optional;

/** Who a stream's client says it is: in its first request, and not otherwise later. */
final class Greeting {
    static final String TULLE = "tulle";
    private static final int LONGEST = 256;
    private Optional<Node> node = Optional.empty();

    void heard(Node said) {
        var id = said.getId();
        if (node.isEmpty()) {
            if (id.isEmpty()) throw StreamRefused.invalid(XdsCode.NO_NODE, "the first request must carry node.id");
            if (id.length() > LONGEST)
                throw StreamRefused.invalid(XdsCode.BAD_NAME, "node.id is longer than " + LONGEST);
            node = Optional.of(said);
        } else if (!id.isEmpty() && !id.equals(node.get().getId())) {
            throw StreamRefused.invalid(
                    XdsCode.NODE_CHANGED, "a stream has one node, " + node.get().getId());
        }
    }

    Optional<String> id() {
        return node.map(Node::getId);
    }

    /** Our own proxy asks for everything at once, and keeps order by itself. */
    boolean isTulle() {
        return node.map(Node::getUserAgentName).orElse("").equals(TULLE);
    }
}
