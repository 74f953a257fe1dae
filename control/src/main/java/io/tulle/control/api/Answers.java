package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseCompleteException;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tulle.control.store.Json;
import io.tulle.control.store.StoreCode;
import io.tulle.control.store.StoreException;
import io.tulle.model.Problem;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From replies and failures to HTTP; whatever goes wrong, the answer is a Status with a code. */
final class Answers implements ServerErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final String WARNING = "warning";
    private static final int MAX_WARNING = 4096;

    static HttpResponse of(Reply reply) {
        var headers = headers(reply.status());
        for (var warning : reply.warnings()) headers.add(WARNING, "299 - \"" + quoted(warning) + "\"");
        return HttpResponse.of(headers.build(), HttpData.ofUtf8(Json.write(reply.body())));
    }

    static HttpResponse of(Refusal refusal) {
        return HttpResponse.of(
                headers(refusal.code().status()).build(), HttpData.ofUtf8(Json.write(StatusBody.of(refusal))));
    }

    static HttpResponse failed(Throwable thrown) {
        return switch (thrown) {
            case Refusal refusal -> of(refusal);
            case StoreException store -> of(store);
            case CompletionException wrapped when wrapped.getCause() != null -> failed(wrapped.getCause());
            case ContentTooLargeException _ -> of(ApiCode.TOO_LARGE.because("the body has more than 3 MiB"));
            case HttpStatusException early
            when early.httpStatus().code() == 413 -> of(ApiCode.TOO_LARGE.because("the body has more than 3 MiB"));
            case ResponseCompleteException _, ClosedStreamException _, AbortedStreamException _ ->
                of(ApiCode.BAD_REQUEST.because("the client went away")); // nobody is left to read this
            default -> {
                LOG.error("code={} a request failed", ApiCode.INTERNAL.code(), thrown);
                yield of(ApiCode.INTERNAL.because("an unexpected failure; the control plane's log has it"));
            }
        };
    }

    private static HttpResponse of(StoreException failure) {
        var problem = failure.problem();
        var full = problem.code().equals(StoreCode.FULL.code());
        var status = full ? 507 : 503;
        var reason = full ? "InsufficientStorage" : "ServiceUnavailable";
        LOG.warn("code={} {}", problem.code(), problem.message());
        return HttpResponse.of(
                headers(status).build(),
                HttpData.ofUtf8(Json.write(StatusBody.failure(
                        status, reason, problem.code() + " " + problem.message(), Subject.NONE, List.of(problem)))));
    }

    @Override
    public HttpResponse onServiceException(ServiceRequestContext context, Throwable thrown) {
        return failed(thrown);
    }

    /** What the server library refuses by itself: a broken request line, a length that lies. */
    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext context,
            ServiceConfig config,
            @Nullable RequestHeaders request,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        var message = description == null ? status.reasonPhrase() : description;
        var code = status.code() == 413 ? ApiCode.TOO_LARGE : ApiCode.BAD_REQUEST;
        ObjectNode body = StatusBody.failure(
                status.code(),
                code.reason(),
                code.code() + " " + message,
                Subject.NONE,
                List.of(Problem.error(code.code(), message, code.fix())));
        return AggregatedHttpResponse.of(headers(status.code()).build(), HttpData.ofUtf8(Json.write(body)));
    }

    private static ResponseHeadersBuilder headers(int status) {
        return ResponseHeaders.builder(HttpStatus.valueOf(status))
                .contentType(MediaType.JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, ServerCacheControl.DISABLED.asHeaderValue())
                .set("x-content-type-options", "nosniff");
    }

    private static String quoted(Problem warning) {
        var text = warning.explained();
        var quoted = new StringBuilder();
        for (int i = 0; i < text.length() && quoted.length() < MAX_WARNING; i++) {
            var c = text.charAt(i);
            if (c == '"' || c == '\\') quoted.append('\\');
            quoted.append(c < ' ' || c > '~' ? ' ' : c);
        }
        return quoted.toString();
    }
}
