package io.tulle.control.push;

import io.tulle.xds.layer.Bundle;

/** Where bundles go to reach their proxies. Called on the push thread only; must not block. */
public interface Publisher {
    /** What a proxy shall hold from now on; its answer will name the bundle's version. */
    void publish(String node, Bundle bundle);

    /** The proxy is gone and is sent nothing more. */
    void forget(String node);
}
