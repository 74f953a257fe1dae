package io.tulle.control.dashboard;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.control.push.Mesh;
import io.tulle.control.traffic.Traffic;
import io.tulle.dialects.reader.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The page at {@code /} and what it reads, {@code /mesh/overview}. Both are reads, so the gate before them lets loopback
 * in without a credential.
 */
public final class Dashboard {
    private static final String OVERVIEW = "/mesh/overview";

    private final About about;
    private final Supplier<Mesh> mesh;
    private final Function<String, String> sync;
    private final Traffic traffic;
    private final Clock clock;

    /** @param mesh the mesh's name */
    public record About(String mesh, String version, Instant started) {}

    /** @param sync from an instance to what its proxy is at */
    public Dashboard(About about, Supplier<Mesh> mesh, Function<String, String> sync, Traffic traffic, Clock clock) {
        this.about = about;
        this.mesh = mesh;
        this.sync = sync;
        this.traffic = traffic;
        this.clock = clock;
    }

    public void mount(ServerBuilder server) {
        reads(
                server,
                OVERVIEW,
                (context, _) ->
                        HttpResponse.of(() -> answer(MediaType.JSON, overview()), context.blockingTaskExecutor()));
        Page.all().forEach(page -> reads(server, page.path(), (_, _) -> answer(page.type(), page.text())));
    }

    private static void reads(ServerBuilder server, String path, HttpService service) {
        server.route().path(path).methods(HttpMethod.GET, HttpMethod.HEAD).build(service);
    }

    private String overview() {
        var now = mesh.get();
        var world = now.world();
        var fleet = now.fleet();
        var moment = new Overview.Moment(clock.instant(), traffic.omitted(), now.problems());
        var edges = EdgeMap.of(world, fleet, traffic.flows());
        return Json.compact(new Overview(about, moment, world, fleet, sync, edges).document());
    }

    /** Nothing but what this server serves runs, loads or frames the page, whatever text got into it. */
    private static HttpResponse answer(MediaType type, String text) {
        var headers = ResponseHeaders.builder(200)
                .contentType(type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(
                        HttpHeaderNames.CONTENT_SECURITY_POLICY,
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                                + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                                + " require-trusted-types-for 'script'; trusted-types 'none'")
                .set(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .set(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
                .set("cross-origin-resource-policy", "same-origin")
                .set("cross-origin-opener-policy", "same-origin")
                .build();
        return HttpResponse.of(headers, HttpData.ofUtf8(text));
    }
}
