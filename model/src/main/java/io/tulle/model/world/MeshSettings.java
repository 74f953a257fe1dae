package io.tulle.model.world;

/**
 * Settings of the mesh as a whole.
 *
 * @param trustDomain of every identity that the mesh issues
 * @param rootNamespace policies written there without a selector hold for every namespace (Istio: istio-system)
 * @param revealPolicies whether a denied caller is told the name of the policy that denied it; off unless asked for
 */
public record MeshSettings(String trustDomain, String rootNamespace, boolean revealPolicies) {
    public static final MeshSettings DEFAULT = new MeshSettings("tulle", "tulle-system", false);
}
