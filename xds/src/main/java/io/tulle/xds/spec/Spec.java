package io.tulle.xds.spec;

import java.util.Set;

/** One resource that a proxy hears. Its name is unique within its type; see docs/reference/xds.md for the names used. */
public sealed interface Spec
        permits ListenerSpec,
                RouteTableSpec,
                ClusterSpec,
                EndpointsSpec,
                TrustSpec,
                CertificateSpec,
                DestinationSpec,
                NameSpec,
                PeerSpec {
    String name();

    ResourceType type();

    /** The resources that must exist for this one to work. */
    Set<Ref> references();

    /** A resource by type and name. */
    record Ref(ResourceType type, String name) {}
}
