package io.tulle.labs.load;

import java.util.Map;

/**
 * What became of one request.
 *
 * @param index 0 for the first that was due
 * @param dueNanos when it should have left, since the start; latency counts from here
 * @param sentNanos when the generator did act on it: wrote it, or began to connect for it
 * @param endNanos when its outcome was certain
 * @param fresh whether it was the first on its connection
 * @param status the answer's; 0 when no whole head came
 * @param failure empty when a complete answer came without trouble; else {@code reset}, {@code closed},
 *     {@code connect refused: …}, {@code timeout}, {@code malformed: …}, or {@code reconnect: …}: answered, but on a new connection,
 *     since the peer had ended an idle one unannounced
 * @param headers the answer's, names in lower case, repeated ones joined with a comma; empty when the load keeps no bodies
 * @param body as UTF-8; what had come of it when the answer is not complete
 */
public record Outcome(
        long index,
        long dueNanos,
        long sentNanos,
        long endNanos,
        boolean fresh,
        int status,
        String failure,
        Map<String, String> headers,
        String body) {
    static final String RECONNECT = "reconnect: ";

    /** A complete answer came, whatever it says. */
    public boolean answered() {
        return status != 0 && (failure.isEmpty() || failure.startsWith(RECONNECT));
    }

    /** No complete answer, a connection that was lost, or a status of 500 and above. */
    public boolean failed() {
        return !failure.isEmpty() || status >= 500;
    }

    public long latencyNanos() {
        return endNanos - dueNanos;
    }

    /** Status and failure, as a report counts them: {@code 200}, {@code reset}, {@code 200 closed}. */
    public String kind() {
        var word = failure.indexOf(':') < 0 ? failure : failure.substring(0, failure.indexOf(':'));
        return status == 0 ? word : word.isEmpty() ? Integer.toString(status) : status + " " + word;
    }
}
