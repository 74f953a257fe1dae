package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import io.tulle.control.store.Listing;
import io.tulle.control.store.Page;
import io.tulle.control.store.Query;
import io.tulle.control.store.Resource;
import io.tulle.control.store.ResourceStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.function.LongConsumer;

/** Get and list, whole or as a Table. */
final class ReadHandler {
    private static final int MAX_PAGE = 100_000;

    private final ResourceStore store;
    private final Clock clock;

    ReadHandler(ResourceStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    Reply one(Target target, Ask ask) {
        var form = ask.form();
        var resource = find(store, target);
        if (form == Ask.Form.JSON) return Reply.ok(Documents.render(target.kind(), resource));
        var table = Tables.of(target.kind(), List.of(resource), clock.instant(), ask.include());
        ((ObjectNode) table.path("metadata")).put("resourceVersion", Long.toString(resource.version()));
        return Reply.ok(table);
    }

    /** @param hold hears how much memory the answer takes, before it is made; may refuse */
    Reply list(Target target, Ask ask, LongConsumer hold) {
        var form = ask.form();
        var limit = (int) Math.min(ask.number("limit"), MAX_PAGE);
        return switch (store.list(query(target, ask), page(ask, limit))) {
            case Listing.Gone(var oldest) -> throw ApiCode.EXPIRED.because("the list can go back to " + oldest);
            case Listing.Found found -> {
                hold.accept(cost(found.resources()));
                yield Reply.ok(form == Ask.Form.TABLE ? table(target, ask, found) : list(target, found));
            }
        };
    }

    /** Each document is there as text, as a tree and as the bytes that are sent. */
    static long cost(List<Resource> resources) {
        return resources.stream()
                .mapToLong(r -> 4L * (r.manifest().body().length() + r.status().length()))
                .sum();
    }

    static Query query(Target target, Ask ask) {
        var query = Query.of(target.kind().key())
                .in(target.namespace())
                .named(target.name())
                .where(Selectors.labels(ask.param("labelSelector")));
        return Selectors.fields(query, ask.param("fieldSelector"));
    }

    static Resource find(ResourceStore store, Target target) {
        return store.find(target.key()).orElseThrow(() -> missing(target));
    }

    static Refusal missing(Target target) {
        return ApiCode.NOT_FOUND
                .because(target.kind().qualified() + " \"" + target.name() + "\" not found")
                .of(target.subject());
    }

    private ObjectNode table(Target target, Ask ask, Listing.Found found) {
        var table = Tables.of(target.kind(), found.resources(), clock.instant(), ask.include());
        place((ObjectNode) table.path("metadata"), found);
        return table;
    }

    private static ObjectNode list(Target target, Listing.Found found) {
        var list = Json.object();
        list.put("kind", target.kind().kind() + "List");
        list.put("apiVersion", target.kind().apiVersion());
        place(list.putObject("metadata"), found);
        var items = list.putArray("items");
        for (var resource : found.resources()) items.add(Documents.render(target.kind(), resource));
        return list;
    }

    private static void place(ObjectNode metadata, Listing.Found found) {
        metadata.put("resourceVersion", Long.toString(found.at().version()));
        if (found.next().isEmpty()) return;
        var token = found.at().version() + " " + found.next();
        metadata.put("continue", Base64.getUrlEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
    }

    private static Page page(Ask ask, int limit) {
        var token = ask.param("continue");
        if (token.isEmpty()) {
            var exact = ask.param("resourceVersionMatch").equals("Exact");
            return new Page(limit, "", exact ? ask.number("resourceVersion") : 0);
        }
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            var space = text.indexOf(' ');
            var version = Numbers.parse(text.substring(0, Math.max(space, 0)));
            if (version >= 0) return new Page(limit, text.substring(space + 1), version);
        } catch (IllegalArgumentException _) { // not base64: refused as any other token that is not ours
        }
        throw ApiCode.BAD_PARAMETER.because("continue is no token of this server");
    }
}
