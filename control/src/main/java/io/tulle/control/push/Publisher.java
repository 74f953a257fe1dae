package io.tulle.control.push;

import io.tulle.xds.spec.Snapshot;

/** Where snapshots go to reach their proxies. Called on the push thread only; must not block. */
public interface Publisher {
    /**
     * What a proxy shall hold from now on.
     *
     * @return the version of the whole, by which the proxy's answer will name it
     */
    String publish(String node, Snapshot snapshot);

    /** The proxy is gone and is sent nothing more. */
    void forget(String node);
}
