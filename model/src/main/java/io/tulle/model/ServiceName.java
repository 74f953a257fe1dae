package io.tulle.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A service's name in the mesh: a DNS label (RFC 1123, at most 63 characters) within a namespace. Its canonical host is
 * {@code cart.shop.tulle}; {@code cart}, {@code cart.shop}, {@code cart.shop.svc} and
 * {@code cart.shop.svc.cluster.local} mean the same, so that configuration written for Kubernetes reads as it is.
 */
public record ServiceName(String namespace, String name) implements Comparable<ServiceName> {
    /** The domain under which canonical hosts live. */
    public static final String DOMAIN = "tulle";

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"); // ours, never a user's
    private static final Comparator<ServiceName> ORDER =
            Comparator.comparing(ServiceName::namespace).thenComparing(ServiceName::name);

    public ServiceName {
        requireLabel("namespace", namespace);
        requireLabel("service name", name);
    }

    /**
     * Reads a host as an application or an operator writes it; a name without a namespace belongs to the one given.
     * Case and one trailing dot are ignored. Empty when the host cannot name a mesh service ({@code example.com}).
     */
    public static Optional<ServiceName> parse(String host, String ownNamespace) {
        var text = host.toLowerCase(Locale.ROOT);
        if (text.endsWith(".")) text = text.substring(0, text.length() - 1);
        var parts = text.split("\\.", -1);
        for (var part : parts) {
            if (!LABEL.matcher(part).matches()) return Optional.empty();
        }
        return switch (parts.length) {
            case 1 -> Optional.of(new ServiceName(ownNamespace, parts[0]));
            case 2 -> Optional.of(new ServiceName(parts[1], parts[0]));
            case 3 ->
                parts[2].equals(DOMAIN) || parts[2].equals("svc")
                        ? Optional.of(new ServiceName(parts[1], parts[0]))
                        : Optional.empty();
            case 5 ->
                text.endsWith(".svc.cluster.local")
                        ? Optional.of(new ServiceName(parts[1], parts[0]))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The service whose canonical host it is; empty when it is not one. */
    public static Optional<ServiceName> ofHost(String host) {
        return parse(host, "default").filter(name -> name.host().equals(host));
    }

    /** Every name that means the service to a workload of the given namespace. */
    public List<String> spellings(String ownNamespace) {
        var qualified = name + "." + namespace;
        var all = List.of(host(), qualified, qualified + ".svc", qualified + ".svc.cluster.local");
        if (!namespace.equals(ownNamespace)) return all;
        var withShort = new ArrayList<>(all);
        withShort.add(name);
        return withShort;
    }

    /** Whether a text is a DNS label and so can name a service or a namespace. */
    public static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** The canonical host, {@code cart.shop.tulle}. */
    public String host() {
        return name + "." + namespace + "." + DOMAIN;
    }

    /** What a sidecar says in SNI to reach one port of the service: {@code 4000.cart.shop.tulle}. */
    public String serverName(int port) {
        return port + "." + host();
    }

    @Override
    public int compareTo(ServiceName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return host();
    }

    private static void requireLabel(String what, String text) {
        if (!LABEL.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a " + what + " is a DNS label (a-z, 0-9, '-', at most 63 characters), not '" + text + "'");
        }
    }
}
