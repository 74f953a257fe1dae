package io.tulle.control;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tulle.control.identity.CertificateAuthority;
import io.tulle.control.identity.Checked;
import io.tulle.control.identity.Claims;
import io.tulle.control.identity.IdentityException;
import io.tulle.control.identity.JoinTokens;
import io.tulle.control.identity.TokenGrant;
import io.tulle.control.identity.TokenTerms;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.JoinToken;
import io.tulle.model.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lets others in: {@code /mesh/tokens} (POST makes a join token, GET lists what is kept of them, DELETE of
 * {@code /mesh/tokens/ID} withdraws one) and {@code /mesh/trust} (the roots). Who may write, the gate before it judges.
 */
record JoinPages(JoinTokens tokens, CertificateAuthority authority) {
    private static final Logger LOG = LoggerFactory.getLogger(JoinPages.class);
    private static final BigDecimal MOST = BigDecimal.valueOf(1L << 53);

    void mount(ServerBuilder builder) {
        builder.route().post("/mesh/tokens").build((context, request) -> stored(context, request, this::create));
        builder.route()
                .get("/mesh/tokens")
                .build((context, request) -> stored(context, request, _ -> answer(HttpStatus.OK, list())));
        builder.route()
                .delete("/mesh/tokens/{id}")
                .build((context, request) ->
                        stored(context, request, _ -> withdraw(String.valueOf(context.pathParam("id")))));
        builder.service(
                "/mesh/trust",
                (_, _) -> answer(
                        HttpStatus.OK,
                        Node.mapOfTexts(Map.of("roots", authority.trustPem(), "digest", authority.rootDigest()))));
    }

    /** Away from the event loop, since the store waits for the disk; what the store says when it fails is the answer. */
    private static HttpResponse stored(
            ServiceRequestContext context, HttpRequest request, Function<AggregatedHttpRequest, HttpResponse> work) {
        // A read has no body; waiting for one would let a stranger hold it open.
        var whole = request.method() == HttpMethod.GET
                ? CompletableFuture.completedFuture(AggregatedHttpRequest.of(request.headers()))
                : request.aggregate();
        return HttpResponse.of(whole.thenApplyAsync(
                asked -> {
                    try {
                        return work.apply(asked);
                    } catch (IdentityException failure) {
                        LOG.error(
                                "a token page failed code={}", failure.problem().code(), failure);
                        return answer(HttpStatus.INSUFFICIENT_STORAGE, refusal(failure.problem()));
                    }
                },
                context.blockingTaskExecutor()));
    }

    private HttpResponse create(AggregatedHttpRequest request) {
        var documents = new Reader().json("the request", request.contentUtf8()).documents();
        var asked = documents.isEmpty() ? Node.Mapping.EMPTY : documents.getFirst();
        var terms = new TokenTerms(
                text(asked, "namespace"),
                text(asked, "account"),
                number(asked, "uses"),
                Duration.ofSeconds(number(asked, "life")),
                new Claims.Bound(services(asked), labels(asked)));
        return switch (tokens.issue(terms)) {
            case Checked.Fit<JoinToken>(var token) ->
                answer(HttpStatus.CREATED, Node.mapOfTexts(Map.of("id", token.id(), "token", token.text())));
            case Checked.Refused<JoinToken>(var problem) -> answer(HttpStatus.UNPROCESSABLE_ENTITY, refusal(problem));
        };
    }

    private Node list() {
        return Node.mapOf(Map.of(
                "items", Node.listOf(tokens.all().stream().map(JoinPages::item).toList())));
    }

    private static Node item(TokenGrant grant) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("id", grant.id());
        fields.put("namespace", grant.namespace());
        fields.put("account", grant.account());
        fields.put("claims", said(grant));
        fields.put("uses", Integer.toString(grant.usesLeft()));
        fields.put("expires", grant.expires().toString());
        return Node.mapOfTexts(fields);
    }

    /** What its holders may say of themselves, in one line. */
    private static String said(TokenGrant grant) {
        var text = grant.claims().text().strip().replace("\n", ", ");
        return text.isEmpty() ? "service " + grant.account() : text;
    }

    private HttpResponse withdraw(String id) {
        return tokens.withdraw(id)
                ? answer(HttpStatus.OK, Node.mapOfTexts(Map.of("id", id)))
                : answer(
                        HttpStatus.NOT_FOUND,
                        refusal(ControlCode.NO_SUCH_TOKEN.problem(
                                "no token has the id '" + id + "'", "tulle token list shows those there are")));
    }

    /** Shaped as the API's own refusals, which the command line reads. */
    static Node refusal(Problem problem) {
        var cause =
                Node.mapOfTexts(Map.of("reason", problem.code(), "message", problem.message(), "field", problem.fix()));
        return Node.mapOf(Map.of(
                "message",
                Node.of(problem.explained()),
                "details",
                Node.mapOf(Map.of("causes", Node.listOf(List.of(cause))))));
    }

    static HttpResponse answer(HttpStatus status, Node document) {
        return HttpResponse.of(status, MediaType.JSON, Json.compact(document));
    }

    private static String text(Node of, String key) {
        return of.at(key).orElse(Node.of("")) instanceof Node.Text(var _, var value) ? value : "";
    }

    /** A whole number; what is none, or does not fit, is -1, which no terms allow. Cutting it off would grant what nobody asked for. */
    private static long number(Node of, String key) {
        if (!(of.at(key).orElse(Node.of(0)) instanceof Node.Numeral(var _, var value))) return -1;
        var fits =
                value.abs().compareTo(MOST) <= 0 && value.stripTrailingZeros().scale() <= 0;
        return fits ? value.longValueExact() : -1;
    }

    private static TreeSet<String> services(Node asked) {
        var services = new TreeSet<String>();
        if (asked.at("services").orElse(Node.of(0)) instanceof Node.Sequence(var _, var items)) {
            items.forEach(item -> services.add(item instanceof Node.Text(var _, var name) ? name : ""));
        }
        return services;
    }

    private static TreeMap<String, String> labels(Node asked) {
        var labels = new TreeMap<String, String>();
        if (asked.at("labels").orElse(Node.of(0)) instanceof Node.Mapping mapping) {
            // What is no text has a value that no label may have.
            mapping.entries()
                    .forEach(entry -> labels.put(
                            entry.key(), entry.value() instanceof Node.Text(var _, var value) ? value : "\n"));
        }
        return labels;
    }
}
