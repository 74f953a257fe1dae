package io.tulle.proxy.resilience;

/** How one attempt ended when it did not simply succeed. */
public sealed interface Failure {
    /** No connection came about: refused, timed out, or the peer was not who it should be. Nothing was delivered. */
    record ConnectFailed() implements Failure {}

    /** The server said that it did not look at the request: REFUSED_STREAM, or GOAWAY below the stream's id. */
    record RefusedStream() implements Failure {}

    /**
     * The connection or the stream broke before any byte of the answer.
     *
     * @param reusedConnection whether it had served requests before: then, most likely, the server closed an idle one
     * @param requestSent whether any byte of the request may have left
     */
    record ResetBeforeResponse(boolean reusedConnection, boolean requestSent) implements Failure {}

    /** It broke after the answer had begun: the caller has seen some of it, so nothing can be repeated. */
    record ResetAfterHeaders() implements Failure {}

    /** The answer's status, from 400 on. */
    record Status(int code) implements Failure {}

    /** A gRPC status in an answer that is nothing but trailers. */
    record GrpcStatus(int code) implements Failure {}

    /** The attempt's own time was over before the answer began. */
    record PerTryTimeout() implements Failure {}

    /** Whether the service may have seen the request: then another attempt is a replay, not merely a retry. */
    static boolean mayHaveArrived(Failure failure) {
        return switch (failure) {
            case ConnectFailed _, RefusedStream _ -> false;
            case ResetBeforeResponse reset -> reset.requestSent();
            case ResetAfterHeaders _, Status _, GrpcStatus _, PerTryTimeout _ -> true;
        };
    }

    ConnectFailed CONNECT_FAILED = new ConnectFailed();
    RefusedStream REFUSED_STREAM = new RefusedStream();
    ResetAfterHeaders RESET_AFTER_HEADERS = new ResetAfterHeaders();
    PerTryTimeout PER_TRY_TIMEOUT = new PerTryTimeout();
}
