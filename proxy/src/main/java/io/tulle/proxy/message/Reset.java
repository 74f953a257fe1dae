package io.tulle.proxy.message;

import io.tulle.proxy.resilience.Failure;

/**
 * Why a stream towards an endpoint ended early, or never began.
 *
 * @param failure the same in the words of retries
 * @param detail for the log: what was seen
 */
public record Reset(Reason reason, Failure failure, String detail) {
    /** What the caller is told beside the reason, of an endpoint of this name. */
    public String told(String instance) {
        return reason.isTold() ? instance + ": " + detail : instance;
    }
}
