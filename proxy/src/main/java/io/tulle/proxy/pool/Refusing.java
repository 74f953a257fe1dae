package io.tulle.proxy.pool;

import java.net.ConnectException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Instances of the mesh whose mesh port refused a connection: the host answered, and nobody listens. The control plane is told of
 * them, since it may hear nothing of an instance that was killed. From any thread.
 */
public final class Refusing {
    private static final int MOST = 100;

    private final Set<String> instances = ConcurrentHashMap.newKeySet();

    void failed(Dial dial, Throwable cause) {
        var isPeer = dial.isToPeer();
        if (isPeer && isRefusal(cause) && instances.size() < MOST)
            instances.add(dial.endpoint().instance());
    }

    /** A host that does not answer at all says nothing of the instance: there are cuts. */
    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused");
    }

    /** Those since this was asked last. */
    public List<String> take() {
        var taken = List.copyOf(instances);
        taken.forEach(instances::remove);
        return taken;
    }
}
