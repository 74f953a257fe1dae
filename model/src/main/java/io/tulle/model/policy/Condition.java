package io.tulle.model.policy;

import io.tulle.model.match.TextMatch;
import java.util.List;
import java.util.Locale;

/**
 * A further condition of a rule (Istio security/v1 Condition, {@code when}): of one attribute some wanted value must match
 * and no unwanted one may. A list that is empty is not asked.
 */
public sealed interface Condition {
    /** Whether it asks for anything that a connection alone cannot tell. */
    default boolean needsRequest() {
        return this instanceof Header;
    }

    /** Whether it says who asks, and not what is asked for. */
    default boolean isAboutCaller() {
        return switch (this) {
            case Header _, Identity _ -> true;
            case Address(var end, var _, var _) -> end == End.SOURCE;
            case Port _, ServerName _ -> false;
        };
    }

    /** {@code request.headers[NAME]}; the name is kept lower-case. */
    record Header(String name, List<TextMatch> values, List<TextMatch> notValues) implements Condition {
        public Header {
            name = name.toLowerCase(Locale.ROOT);
            values = List.copyOf(values);
            notValues = List.copyOf(notValues);
        }
    }

    /** {@code source.principal} and {@code source.namespace}. */
    record Identity(Part part, List<TextMatch> values, List<TextMatch> notValues) implements Condition {
        public Identity {
            values = List.copyOf(values);
            notValues = List.copyOf(notValues);
        }
    }

    /** {@code source.ip} and {@code destination.ip}: addresses and blocks of them, those of the connection itself. */
    record Address(End end, List<String> blocks, List<String> notBlocks) implements Condition {
        public Address {
            blocks = List.copyOf(blocks);
            notBlocks = List.copyOf(notBlocks);
        }
    }

    /** {@code destination.port}: as the service declares it. */
    record Port(List<Integer> ports, List<Integer> notPorts) implements Condition {
        public Port {
            ports = List.copyOf(ports);
            notPorts = List.copyOf(notPorts);
        }
    }

    /** {@code connection.sni}; plaintext has none. */
    record ServerName(List<TextMatch> values, List<TextMatch> notValues) implements Condition {
        public ServerName {
            values = List.copyOf(values);
            notValues = List.copyOf(notValues);
        }
    }

    enum Part {
        PRINCIPAL,
        NAMESPACE
    }

    enum End {
        SOURCE,
        DESTINATION
    }
}
