package io.tulle.proxy.filter;

/** The {@link Authorizer} as a filter of the chain. */
public record AuthorizationFilter(Authorizer authorizer) implements Filter {
    @Override
    public Verdict judge(Inquiry inquiry) {
        return authorizer.judgeRequest(inquiry.peer(), inquiry.request());
    }
}
