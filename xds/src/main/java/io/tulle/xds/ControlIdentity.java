package io.tulle.xds;

import io.tulle.model.SpiffeId;

/**
 * The identity that a control plane proves to those who dial it: account {@code control} of namespace
 * {@code tulle-system}. No token and no local join may grant it.
 */
public final class ControlIdentity {
    public static final String NAMESPACE = "tulle-system";
    public static final String ACCOUNT = "control";

    private ControlIdentity() {}

    public static SpiffeId of(String trustDomain) {
        return SpiffeId.of(trustDomain, NAMESPACE, ACCOUNT);
    }

    /** Whether it is a control plane's, of whatever trust domain. */
    public static boolean is(SpiffeId identity) {
        return identity.equals(of(identity.trustDomain()));
    }
}
