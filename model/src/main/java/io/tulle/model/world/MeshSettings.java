package io.tulle.model.world;

import java.util.Optional;

/**
 * Settings of the mesh as a whole.
 *
 * @param trustDomain of every identity that the mesh issues
 * @param root the namespace whose policies hold for every namespace, where somebody said which (Istio's rootNamespace)
 * @param revealPolicies whether a denied caller is told the name of the policy that denied it; off unless asked for
 */
public record MeshSettings(String trustDomain, Optional<String> root, boolean revealPolicies) {
    public static final MeshSettings DEFAULT = new MeshSettings("tulle", Optional.empty(), false);

    private static final String USUAL_ROOT = "tulle-system";

    /** The root namespace that is in force. */
    public String rootNamespace() {
        return root.orElse(USUAL_ROOT);
    }

    /** The same with another root namespace. */
    public MeshSettings withRoot(String namespace) {
        return new MeshSettings(trustDomain, Optional.of(namespace), revealPolicies);
    }
}
