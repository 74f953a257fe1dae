package io.tulle.proxy.filter;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks filters in turn until one says no or none is left. Fails closed: a filter that throws, or whose later verdict
 * fails, is empty or never gets to the event loop, has said no.
 *
 * @param broken is told of what filters throw, for the log; the caller never is
 */
public record FilterChain(List<Filter> filters, Consumer<Throwable> broken) {
    public FilterChain {
        filters = List.copyOf(filters);
    }

    /** Calls exactly one method of {@code next}, at once or later, unless the caller hangs up meanwhile. */
    public void ask(Inquiry inquiry, Next next) {
        ask(0, inquiry, next);
    }

    private void ask(int from, Inquiry inquiry, Next next) {
        for (int i = from; i < filters.size(); i++) {
            var verdict = judge(filters.get(i), inquiry);
            if (verdict instanceof Verdict.Proceed) continue;
            settle(verdict, i + 1, inquiry, next);
            return;
        }
        next.admitted();
    }

    private void settle(Verdict verdict, int after, Inquiry inquiry, Next next) {
        if (inquiry.hasEnded()) return; // the caller hung up while we waited
        switch (verdict) {
            case Verdict.Proceed _ -> ask(after, inquiry, next);
            case Verdict.Answer answer -> next.answered(answer);
            case Verdict.Await(var later) ->
                later.handle(this::orFailed)
                        .thenAcceptAsync(v -> settle(v, after, inquiry, next), inquiry.executor())
                        .exceptionally(
                                thrown -> { // the loop is gone, or what came after broke: never a hung request
                                    broken.accept(thrown);
                                    next.answered(Verdict.FILTER_FAILED);
                                    return null;
                                });
        }
    }

    // A stage made elsewhere may hold null or fail whatever its type says.
    private Verdict orFailed(@Nullable Verdict verdict, @Nullable Throwable thrown) {
        if (thrown != null) broken.accept(thrown);
        return verdict == null ? Verdict.FILTER_FAILED : verdict;
    }

    private Verdict judge(Filter filter, Inquiry inquiry) {
        try {
            var verdict = filter.judge(inquiry);
            return orFailed(verdict, null);
        } catch (Throwable thrown) {
            broken.accept(thrown);
            return Verdict.FILTER_FAILED;
        }
    }

    /** What comes after the filters. */
    public interface Next {
        void admitted();

        void answered(Verdict.Answer answer);
    }
}
