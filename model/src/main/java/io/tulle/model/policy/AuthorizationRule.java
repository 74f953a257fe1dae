package io.tulle.model.policy;

import io.tulle.model.IpLiteral;
import io.tulle.model.match.PathMatch;
import io.tulle.model.match.TextMatch;
import java.util.List;
import java.util.stream.Stream;

/**
 * One rule of an AuthorizationPolicy: some source, some operation and every condition must match (Istio security/v1
 * Rule). An empty list of sources, or of operations, matches all; an empty field inside one is not asked.
 *
 * @param when kept with those about the caller first, each group in the order in which it was written
 */
public record AuthorizationRule(List<Source> from, List<Operation> to, List<Condition> when) {
    public AuthorizationRule {
        from = List.copyOf(from);
        to = List.copyOf(to);
        when = Stream.concat(
                        when.stream().filter(Condition::isAboutCaller),
                        when.stream().filter(condition -> !condition.isAboutCaller()))
                .toList();
    }

    public AuthorizationRule(List<Source> from, List<Operation> to) {
        this(from, to, List.of());
    }

    /** Who asks. Every non-empty field must match; within one field any entry does. The {@code not…} fields must not. */
    public record Source(
            List<TextMatch> principals,
            List<TextMatch> notPrincipals,
            List<TextMatch> namespaces,
            List<TextMatch> notNamespaces,
            List<String> ipBlocks,
            List<String> notIpBlocks) {
        public Source {
            principals = List.copyOf(principals);
            notPrincipals = List.copyOf(notPrincipals);
            namespaces = List.copyOf(namespaces);
            notNamespaces = List.copyOf(notNamespaces);
            ipBlocks = List.copyOf(ipBlocks);
            notIpBlocks = List.copyOf(notIpBlocks);
            ipBlocks.forEach(Source::requireBlock);
            notIpBlocks.forEach(Source::requireBlock);
        }

        private static void requireBlock(String block) {
            if (!IpLiteral.isBlock(block))
                throw new IllegalArgumentException("not an IP address or range: '" + block + "'");
        }
    }

    /** What is asked for; on a TCP port only {@code ports} can match, so a rule that names L7 fields never allows there. */
    public record Operation(
            List<TextMatch> hosts,
            List<TextMatch> notHosts,
            List<Integer> ports,
            List<Integer> notPorts,
            List<TextMatch> methods,
            List<TextMatch> notMethods,
            List<PathMatch> paths,
            List<PathMatch> notPaths) {
        public Operation {
            hosts = List.copyOf(hosts);
            notHosts = List.copyOf(notHosts);
            ports = List.copyOf(ports);
            notPorts = List.copyOf(notPorts);
            methods = List.copyOf(methods);
            notMethods = List.copyOf(notMethods);
            paths = List.copyOf(paths);
            notPaths = List.copyOf(notPaths);
        }

        /** Whether this asks for anything that a connection alone cannot tell. */
        public boolean needsRequest() {
            return !(hosts.isEmpty()
                    && notHosts.isEmpty()
                    && methods.isEmpty()
                    && notMethods.isEmpty()
                    && paths.isEmpty()
                    && notPaths.isEmpty());
        }
    }
}
