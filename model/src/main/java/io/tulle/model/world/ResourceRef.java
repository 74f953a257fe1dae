package io.tulle.model.world;

/** The resource that something came from, so that every effect can be traced to what a person wrote. */
public record ResourceRef(String kind, String namespace, String name) implements Comparable<ResourceRef> {
    /** That of a kind in its group: of the two Gateways Istio's is called with it, as kubectl writes it. */
    public static ResourceRef of(String group, String kind, String namespace, String name) {
        var isIstios = kind.equals("Gateway") && group.equals("networking.istio.io");
        return new ResourceRef(isIstios ? kind + "." + group : kind, namespace, name);
    }

    /** {@code shop/catalog}, as logs and metrics show it. */
    public String qualified() {
        return namespace + "/" + name;
    }

    @Override
    public int compareTo(ResourceRef other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return kind + " " + qualified();
    }
}
