package io.tulle.proxy.filter;

import java.util.concurrent.CompletionStage;

/** What a filter says of a request, or a policy of a connection. */
public sealed interface Verdict {
    /** Nothing against it. */
    record Proceed() implements Verdict {}

    /** It ends here with this status (a connection is closed). */
    record Answer(int status, Reason reason) implements Verdict {}

    /** It will be known later; the request waits, its event loop does not. */
    record Await(CompletionStage<Verdict> verdict) implements Verdict {}

    Proceed PROCEED = new Proceed();

    /** What a filter that threw, or answered nothing, has said. */
    Answer FILTER_FAILED = new Answer(500, new Reason(Reason.Kind.FILTER_FAILED, ""));
}
