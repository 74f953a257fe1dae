package io.tulle.control.api;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tulle.control.store.Json;
import io.tulle.control.store.ResourceStore;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door of the API: from a path and a method to the handler that answers. */
final class ApiService implements HttpService, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiService.class);

    /** For how many callers without a credential something is read at one time. */
    private static final int STRANGERS_AT_WORK = 2;

    private final KindTable kinds;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final String version;
    private final ReadHandler reads;
    private final WriteHandler writes;
    private final DeleteHandler deletes;
    private final WatchHandler watches;
    private final ApplyHandler applies;
    private final RolloutHandler rollouts;
    private final Executor threads;
    private final Semaphore strangers = new Semaphore(STRANGERS_AT_WORK, true);

    ApiService(ApiRules rules, ResourceStore store, Clock clock, Executor threads) {
        var commits = new Commits(store, rules.admission());
        this.kinds = rules.kinds();
        this.version = rules.version();
        this.discovery = new Discovery(kinds);
        this.openApi = new OpenApi(kinds, version);
        this.reads = new ReadHandler(store, clock);
        this.writes = new WriteHandler(commits);
        this.deletes = new DeleteHandler(commits);
        this.watches = new WatchHandler(store, clock, threads);
        this.applies = new ApplyHandler(commits, kinds);
        this.rollouts = new RolloutHandler(rules.rollouts());
        this.threads = threads;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        return HttpResponse.of(whole(request)
                .handleAsync(
                        (whole, thrown) -> thrown != null ? Answers.failed(thrown) : answered(context, whole),
                        threads));
    }

    /** A read is answered by its head: nobody sends it a body in good faith, and a body that does not end is memory. */
    private static CompletableFuture<AggregatedHttpRequest> whole(HttpRequest request) {
        return switch (request.method()) {
            case GET, HEAD -> CompletableFuture.completedFuture(AggregatedHttpRequest.of(request.headers()));
            default -> request.aggregate();
        };
    }

    @Override
    public void close() {
        watches.close();
    }

    /**
     * A stranger's turn comes when few others have theirs: hundreds of lists at once would stand before the owner's request
     * at the store. One that was given up meanwhile costs nothing; a connection that is gone does not end what it asked for.
     */
    private HttpResponse answered(ServiceRequestContext context, AggregatedHttpRequest request) {
        if (Gate.callerOf(context).isKnown()) return answer(context, request);
        strangers.acquireUninterruptibly();
        try {
            return context.isCancelled() ? HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE) : answer(context, request);
        } finally {
            strangers.release();
        }
    }

    private HttpResponse answer(ServiceRequestContext context, AggregatedHttpRequest request) {
        try {
            var ask = new Ask(
                    request.method().name(),
                    QueryParams.fromQueryString(context.query()),
                    request.headers().get(HttpHeaderNames.ACCEPT, ""),
                    request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
                    new Ask.Body(request.content().array()),
                    Gate.callerOf(context));
            return routed(context, segments(context.path()), ask);
        } catch (RuntimeException e) {
            return Answers.failed(e);
        }
    }

    private HttpResponse routed(ServiceRequestContext context, List<String> path, Ask ask) {
        var depth = path.size();
        if (path.equals(List.of("apis", "tulle.io", "v1", "apply"))) {
            only("POST", ask);
            return Answers.of(noted(applies.apply(ask), "apply", ask));
        }
        if (depth > 2 && path.getFirst().equals("api")) {
            return resource(context, Target.of(kinds, "", path.get(1), path.subList(2, depth)), ask);
        }
        if (depth > 3 && path.getFirst().equals("apis") && !path.get(1).equals("tulle.io")) {
            return resource(context, Target.of(kinds, path.get(1), path.get(2), path.subList(3, depth)), ask);
        }
        if (!ask.method().equals("HEAD")) only("GET", ask);
        return Answers.of(described(path, ask));
    }

    private Reply described(List<String> path, Ask ask) {
        return switch (String.join("/", path)) {
            case "version" -> Reply.ok(Discovery.version(version));
            case "healthz", "livez", "readyz" -> Reply.ok(Json.object().put("status", "ok"));
            case "api" -> Reply.ok(discovery.core());
            case "api/v1" -> Reply.ok(discovery.resources("", "v1"));
            case "apis" -> Reply.ok(discovery.groups());
            case "apis/tulle.io/v1/rollout" -> rollouts.show(ask);
            case "openapi/v3" -> Reply.ok(openApi.index());
            case "openapi/v3/api/v1" -> Reply.ok(openApi.document("", "v1"));
            default -> ofGroup(path);
        };
    }

    private Reply ofGroup(List<String> path) {
        var depth = path.size();
        if (depth == 2 && path.getFirst().equals("apis")) return Reply.ok(discovery.group(path.get(1)));
        if (depth == 3 && path.getFirst().equals("apis"))
            return Reply.ok(discovery.resources(path.get(1), path.get(2)));
        if (depth == 5 && path.subList(0, 3).equals(List.of("openapi", "v3", "apis"))) {
            return Reply.ok(openApi.document(path.get(3), path.get(4)));
        }
        throw ApiCode.UNKNOWN_PATH.because("nothing is served at /" + String.join("/", path));
    }

    private HttpResponse resource(ServiceRequestContext context, Target target, Ask ask) {
        if (target.kind().secret() && !ask.caller().isKnown()) {
            throw ApiCode.NO_CREDENTIAL
                    .because("reading Secrets needs a credential")
                    .of(target.subject());
        }
        var read = ask.method().equals("GET") || ask.method().equals("HEAD");
        if (ask.method().equals("GET") && ask.flag("watch")) return watches.watch(context, target, ask);
        return Answers.of(
                read
                        ? (target.isCollection()
                                ? reads.list(target, ask, bytes -> Gate.hold(context, bytes))
                                : reads.one(target, ask))
                        : written(target, ask));
    }

    private Reply written(Target target, Ask ask) {
        ask.warns(); // a bad parameter is refused whatever the method
        if (target.isCollection()) {
            var whole = target.kind().namespaced() == !target.namespace().isEmpty();
            if (whole && ask.method().equals("POST")) return noted(writes.create(target, ask), target, ask);
        } else {
            if (ask.method().equals("PUT")) return noted(writes.replace(target, ask), target, ask);
            if (ask.method().equals("PATCH")) return noted(writes.patch(target, ask), target, ask);
            if (ask.method().equals("DELETE") && !target.status())
                return noted(deletes.delete(target, ask), target, ask);
        }
        throw ApiCode.METHOD.because(ask.method() + " is not served there").of(target.subject());
    }

    /** Who changed what, for whoever asks later. */
    private static Reply noted(Reply reply, Object what, Ask ask) {
        LOG.info(
                "event=write method={} what=\"{}\" caller={} status={}",
                ask.method(),
                what,
                ask.caller().name(),
                reply.status());
        return reply;
    }

    private static void only(String method, Ask ask) {
        if (!ask.method().equals(method)) throw ApiCode.METHOD.because("only " + method + " is served there");
    }

    private static List<String> segments(String path) {
        try {
            return Arrays.stream(path.split("/"))
                    .filter(segment -> !segment.isEmpty())
                    .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException _) {
            throw ApiCode.UNKNOWN_PATH.because("the path has a broken escape");
        }
    }
}
