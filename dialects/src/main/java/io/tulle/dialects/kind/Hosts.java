package io.tulle.dialects.kind;

import io.tulle.model.ServiceName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * How a written host becomes the one that the World uses: a name that a ServiceEntry declares stays as it is, a name that
 * can mean a service of the mesh becomes its canonical host, anything else stays ({@code api.example.com}).
 *
 * @param external names that ServiceEntries declare; one of a single label ({@code redis}) holds in the entry's own
 *     namespace alone and stands as {@code shop/redis}
 */
public record Hosts(SortedSet<String> external) {
    private static final Pattern DNS_NAME =
            Pattern.compile("(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    public Hosts {
        external = Collections.unmodifiableSortedSet(new TreeSet<>(external));
    }

    /**
     * What to remember of a host that a ServiceEntry declares. Empty for the name of a mesh service, which no entry may
     * take over for others.
     *
     * @param namespaces those of the mesh, by which {@code cart.shop} is told from {@code example.com}
     */
    public static Optional<String> declared(String written, String namespace, Collection<String> namespaces) {
        var host = plain(written);
        if (!host.contains(".")) return Optional.of(namespace + "/" + host);
        var service = ServiceName.parse(host, namespace);
        var isPair = host.indexOf('.') == host.lastIndexOf('.');
        var taken = service.isPresent()
                && (!isPair || namespaces.contains(service.get().namespace()));
        return taken ? Optional.empty() : Optional.of(host);
    }

    public boolean isExternal(String written, String namespace) {
        var host = plain(written);
        return external.contains(host) || external.contains(namespace + "/" + host);
    }

    /** Whether a full name, in any of its forms, is a service's of the mesh. */
    public boolean isService(String written) {
        var host = plain(written);
        return host.indexOf('.') != host.lastIndexOf('.')
                && !external.contains(host)
                && ServiceName.parse(host, "default").isPresent();
    }

    public String resolve(String written, String namespace) {
        var host = plain(written);
        if (isExternal(host, namespace)) return host;
        return ServiceName.parse(host, namespace).map(ServiceName::host).orElse(host);
    }

    /**
     * How the end of many hosts ({@code *.shop.svc.cluster.local}) ends the canonical ones; an end of other names stays.
     */
    public static String many(String written) {
        var end = plain(written).substring(1);
        for (var suffix : List.of(".svc.cluster.local", ".svc")) {
            if (!end.endsWith(suffix)) continue;
            var namespace = end.substring(0, end.length() - suffix.length());
            if (namespace.isEmpty() || namespace.lastIndexOf('.') == 0)
                return "*" + namespace + "." + ServiceName.DOMAIN;
        }
        var all = List.of(".cluster.local", ".local").contains(end);
        return "*" + (all ? "." + ServiceName.DOMAIN : end);
    }

    /** Lower-case, without a trailing dot. */
    public static String plain(String written) {
        var host = written.toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /**
     * Whether a route or a rule can be for it: a DNS name whose last part is no number, so that no address passes as one
     * (Istio's ValidateDNS1123Labels).
     */
    public static boolean isHost(String written) {
        var host = plain(written);
        var last = host.substring(host.lastIndexOf('.') + 1);
        return isName(host) && (last.length() == host.length() || !last.chars().allMatch(c -> c >= '0' && c <= '9'));
    }

    /** Whether it is a DNS name; one trailing dot is fine. */
    public static boolean isName(String written) {
        return DNS_NAME.matcher(plain(written)).matches();
    }
}
