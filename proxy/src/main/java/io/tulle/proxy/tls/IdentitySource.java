package io.tulle.proxy.tls;

import java.util.Optional;

/** Gives the identity in force: files, the control plane's certificate authority, the SPIFFE Workload API. Thread-safe. */
public interface IdentitySource {
    /** For a proxy that speaks no mutual TLS. */
    IdentitySource NONE = new IdentitySource() {
        @Override
        public Optional<Identity> current() {
            return Optional.empty();
        }

        @Override
        public void onChange(Runnable listener) {}
    };

    /** Empty until there is one; mutual TLS is refused then, never weakened. */
    Optional<Identity> current();

    /** Told after each change, on any thread. Open connections stay; new ones use the new identity. */
    void onChange(Runnable listener);
}
