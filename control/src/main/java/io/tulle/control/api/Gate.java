package io.tulle.control.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.DomainSocketAddress;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before every service of the control plane's port: whose request it is, and whether it may come in. A write needs
 * a credential; a read needs one unless it comes over loopback; Host and Origin must be ours, since a web page can make a
 * browser on this machine send anything anywhere.
 */
final class Gate implements DecoratingHttpServiceFunction {
    private static final AttributeKey<Caller> CALLER = AttributeKey.valueOf(Gate.class, "CALLER");
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final AttributeKey<AtomicLong> HELD = AttributeKey.valueOf(Gate.class, "HELD");

    private static final int MOST_STRANGERS = 64;
    /** What lists and watches of all strangers together may make this process hold. */
    private static final long MOST_BYTES = 64 << 20;

    private final AtomicInteger strangers = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final Credentials credentials;
    private final Set<String> hosts;

    /** @param hosts names without port by which this server is called, lower-case, IPv6 in brackets */
    Gate(Credentials credentials, Set<String> hosts) {
        this.credentials = credentials;
        this.hosts = Set.copyOf(hosts);
    }

    static Caller callerOf(ServiceRequestContext context) {
        var caller = context.attr(CALLER);
        return caller == null ? Caller.ANYBODY : caller;
    }

    /**
     * Before an answer is made of so many bytes: a stranger's counts until it is over.
     *
     * @throws Refusal where strangers hold too much already; whoever shows a credential is not counted
     */
    static void hold(ServiceRequestContext context, long bytes) {
        var held = context.attr(HELD);
        if (held == null) return;
        if (held.addAndGet(bytes) > MOST_BYTES) {
            held.addAndGet(-bytes);
            throw ApiCode.STRANGERS.because("without a credential all answers together may take " + (MOST_BYTES >> 20)
                    + " MiB, and this one would take " + (bytes >> 20) + " MiB more");
        }
        context.log().whenComplete().thenRun(() -> held.addAndGet(-bytes));
    }

    @Override
    public HttpResponse serve(HttpService next, ServiceRequestContext context, HttpRequest request) throws Exception {
        try {
            var caller = judged(context, request.headers());
            if (!caller.isKnown()) {
                countIn(context);
                context.setAttr(HELD, held);
            }
            context.setAttr(CALLER, caller);
        } catch (Refusal refusal) {
            request.abort();
            return Answers.of(refusal);
        }
        return next.serve(context, request);
    }

    /** An answer that its reader does not take, and a watch, are memory until they are over. */
    private void countIn(ServiceRequestContext context) {
        if (strangers.incrementAndGet() > MOST_STRANGERS) {
            strangers.decrementAndGet();
            throw ApiCode.STRANGERS.because("without a credential " + MOST_STRANGERS + " requests run at one time");
        }
        context.log().whenComplete().thenRun(strangers::decrementAndGet);
    }

    private Caller judged(ServiceRequestContext context, RequestHeaders headers) {
        var socket = context.remoteAddress() instanceof DomainSocketAddress;
        if (!socket) requireOwnHost(headers);
        var origin = headers.get(HttpHeaderNames.ORIGIN, "");
        if (!origin.isEmpty()) requireOwnOrigin(origin, context);
        if (socket) return new Caller("socket", Caller.Means.SOCKET); // its peer was checked when it connected
        var caller = credentials(context, headers);
        var loopback = context.remoteAddress().getAddress().isLoopbackAddress();
        if (!loopback && !context.sessionProtocol().isTls() && caller.isKnown()) {
            throw ApiCode.PLAIN_TOKEN.because("a session from another host over plain HTTP");
        }
        var read = READS.contains(headers.method());
        if (caller.isKnown()) {
            // A cookie goes along by itself: that the page is ours is shown by its Origin alone.
            if (caller.means() == Caller.Means.SESSION && !read && origin.isEmpty()) {
                throw ApiCode.FOREIGN_ORIGIN.because("a write of a session shows no Origin");
            }
            return caller;
        }
        if (!read) throw ApiCode.NO_CREDENTIAL.because(headers.method() + " needs a credential");
        if (!loopback) {
            throw ApiCode.NO_CREDENTIAL.because("a request from another host needs a credential");
        }
        return caller;
    }

    private Caller credentials(ServiceRequestContext context, RequestHeaders headers) {
        var shown = headers.contains(HttpHeaderNames.AUTHORIZATION);
        if (shown && !context.sessionProtocol().isTls())
            throw ApiCode.PLAIN_TOKEN.because("Authorization over plain HTTP");
        var caller = credentials.caller(headers);
        if (caller.isEmpty() && shown) throw ApiCode.BAD_CREDENTIAL.because("the token is not this control plane's");
        return caller.orElse(Caller.ANYBODY);
    }

    private void requireOwnHost(RequestHeaders headers) {
        var authority = headers.authority();
        if (authority == null || !hosts.contains(host(authority))) {
            throw ApiCode.FOREIGN_HOST.because("the Host is '" + authority + "'");
        }
    }

    private void requireOwnOrigin(String origin, ServiceRequestContext context) {
        var port = context.localAddress() instanceof DomainSocketAddress
                ? -1
                : context.localAddress().getPort();
        var own = parsed(origin)
                .filter(uri ->
                        uri.getHost() != null && hosts.contains(uri.getHost().toLowerCase(Locale.ROOT)))
                .filter(uri -> portOf(uri) == port)
                .isPresent();
        if (!own) throw ApiCode.FOREIGN_ORIGIN.because("the Origin is '" + origin + "'");
    }

    private static Optional<URI> parsed(String origin) {
        try {
            return Optional.of(URI.create(origin));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static int portOf(URI uri) {
        if (uri.getPort() >= 0) return uri.getPort();
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }

    private static String host(String authority) {
        var colon = authority.lastIndexOf(':');
        var bracket = authority.lastIndexOf(']');
        return (colon > bracket ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    }
}
