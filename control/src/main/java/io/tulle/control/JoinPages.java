package io.tulle.control;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.control.identity.CertificateAuthority;
import io.tulle.control.identity.Checked;
import io.tulle.control.identity.JoinTokens;
import io.tulle.control.identity.TokenGrant;
import io.tulle.control.identity.TokenTerms;
import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.reader.Reader;
import io.tulle.model.JoinToken;
import io.tulle.model.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What lets others in: {@code /mesh/tokens} (POST makes a join token, GET lists what is kept of them, DELETE of
 * {@code /mesh/tokens/ID} withdraws one) and {@code /mesh/trust} (the roots). Who may write, the gate before it judges.
 */
record JoinPages(JoinTokens tokens, CertificateAuthority authority) {
    void mount(ServerBuilder builder) {
        builder.route()
                .post("/mesh/tokens")
                .build((_, request) -> HttpResponse.of(request.aggregate().thenApply(this::create)));
        builder.route().get("/mesh/tokens").build((_, _) -> answer(HttpStatus.OK, list()));
        builder.route()
                .delete("/mesh/tokens/{id}")
                .build((context, _) -> withdraw(String.valueOf(context.pathParam("id"))));
        builder.service(
                "/mesh/trust",
                (_, _) -> answer(
                        HttpStatus.OK,
                        Node.mapOfTexts(Map.of("roots", authority.trustPem(), "digest", authority.rootDigest()))));
    }

    private HttpResponse create(AggregatedHttpRequest request) {
        var documents = new Reader().json("the request", request.contentUtf8()).documents();
        var asked = documents.isEmpty() ? Node.Mapping.EMPTY : documents.getFirst();
        var terms = new TokenTerms(
                text(asked, "namespace"),
                text(asked, "account"),
                (int) number(asked, "uses"),
                Duration.ofSeconds(number(asked, "life")));
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
        fields.put("uses", Integer.toString(grant.usesLeft()));
        fields.put("expires", grant.expires().toString());
        return Node.mapOfTexts(fields);
    }

    private HttpResponse withdraw(String id) {
        return tokens.withdraw(id)
                ? answer(HttpStatus.OK, Node.mapOfTexts(Map.of("id", id)))
                : answer(
                        HttpStatus.NOT_FOUND,
                        refusal(Problem.error(
                                "TUL1379",
                                "no token has the id '" + id + "'",
                                "tulle token list shows those there are")));
    }

    /** Shaped as the API's own refusals, which the command line reads. */
    private static Node refusal(Problem problem) {
        var cause =
                Node.mapOfTexts(Map.of("reason", problem.code(), "message", problem.message(), "field", problem.fix()));
        return Node.mapOf(Map.of(
                "message",
                Node.of(problem.explained()),
                "details",
                Node.mapOf(Map.of("causes", Node.listOf(List.of(cause))))));
    }

    private static HttpResponse answer(HttpStatus status, Node document) {
        return HttpResponse.of(status, MediaType.JSON, Json.compact(document));
    }

    private static String text(Node of, String key) {
        return of.at(key).orElse(Node.of("")) instanceof Node.Text(var _, var value) ? value : "";
    }

    private static long number(Node of, String key) {
        return of.at(key).orElse(Node.of(0)) instanceof Node.Numeral(var _, var value) ? value.longValue() : 0;
    }
}
