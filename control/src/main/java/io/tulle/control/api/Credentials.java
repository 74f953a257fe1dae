package io.tulle.control.api;

import com.linecorp.armeria.common.RequestHeaders;
import java.util.Optional;

/** Judges what a request carries. The Unix socket needs none: its peers are checked when they connect. */
@FunctionalInterface
public interface Credentials {
    /** Empty where the request carries nothing valid. */
    Optional<Caller> caller(RequestHeaders headers);

    default Credentials or(Credentials other) {
        return headers -> caller(headers).or(() -> other.caller(headers));
    }
}
