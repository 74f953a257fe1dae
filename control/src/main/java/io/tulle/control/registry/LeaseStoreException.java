package io.tulle.control.registry;

import io.tulle.model.Problem;

/** The store of leases failed; the registry lives on and says so. */
public final class LeaseStoreException extends RuntimeException {
    private final transient Problem problem;

    public LeaseStoreException(Throwable cause) {
        super(RegistryCode.STORE_FAILED.problem().explained(), cause);
        this.problem = RegistryCode.STORE_FAILED.problem();
    }

    public Problem problem() {
        return problem;
    }
}
