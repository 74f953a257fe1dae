package io.tulle.proxy.observe;

import io.tulle.model.SpiffeId;
import io.tulle.xds.spec.PeerSpec;
import java.util.Optional;

/** One end of a call as Istio's labels describe it; what is not known is {@code unknown}. */
record Party(String workload, String namespace, String principal, String app, String version, String mesh) {
    static final String MISSING = "unknown";
    static final Party UNKNOWN = new Party("", "", "", "", "", "");

    Party {
        workload = orMissing(workload);
        namespace = orMissing(namespace);
        principal = orMissing(principal);
        app = orMissing(app);
        version = orMissing(version);
        mesh = orMissing(mesh);
    }

    static Party of(SelfLabels self) {
        return new Party(
                self.workload(), self.namespace(), principal(self.identity()), self.app(), self.version(), self.mesh());
    }

    /**
     * @param spec what the mesh says of the instance, when it has said so yet
     * @param identity what mutual TLS proved
     */
    static Party of(Optional<PeerSpec> spec, Optional<SpiffeId> identity, String mesh) {
        var namespace = identity.flatMap(SpiffeId::namespace).orElse("");
        return spec.map(s -> new Party(s.workload(), s.namespace(), principal(identity), s.app(), s.version(), mesh))
                .orElseGet(() -> new Party("", namespace, principal(identity), "", "", identity.isEmpty() ? "" : mesh));
    }

    /** Istio's canonical service: the app, else the workload. */
    String canonicalService() {
        return app.equals(MISSING) ? workload : app;
    }

    /** Istio's canonical revision: the version, {@code latest} for a known workload without one. */
    String canonicalRevision() {
        return version.equals(MISSING) && !workload.equals(MISSING) ? "latest" : version;
    }

    private static String principal(Optional<SpiffeId> identity) {
        return identity.map(SpiffeId::uri).orElse("");
    }

    static String orMissing(String value) {
        return value.isEmpty() ? MISSING : value;
    }
}
