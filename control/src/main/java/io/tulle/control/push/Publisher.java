package io.tulle.control.push;

import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Demand;

/** Where bundles go to reach their proxies. Called on the push thread only; must not block. */
public interface Publisher {
    /** What a proxy shall hold from now on; its answer will name the bundle's version. */
    void publish(String node, Bundle bundle);

    /** What a proxy asks for now; what it asked for last while it is away. */
    Demand demandOf(String node);

    /** The proxy is gone and is sent nothing more. */
    void forget(String node);
}
