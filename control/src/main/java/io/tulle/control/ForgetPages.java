package io.tulle.control;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServerBuilder;
import io.tulle.control.registry.Registry;
import io.tulle.control.registry.RegistryCode;
import io.tulle.dialects.reader.Node;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Forgets an instance that is not heard, or a service that has none any more: {@code DELETE /mesh/instances/NAME}. */
record ForgetPages(Registry registry) {
    void mount(ServerBuilder builder) {
        builder.route()
                .delete("/mesh/instances/{name}")
                .build((context, _) -> HttpResponse.of(CompletableFuture.supplyAsync(
                        () -> forget(String.valueOf(context.pathParam("name"))), context.blockingTaskExecutor())));
    }

    private HttpResponse forget(String name) {
        return switch (registry.forget(name)) {
            case FORGOTTEN -> JoinPages.answer(HttpStatus.OK, Node.mapOfTexts(Map.of("name", name)));
            case IS_THERE ->
                JoinPages.answer(
                        HttpStatus.CONFLICT,
                        JoinPages.refusal(RegistryCode.IS_THERE.problem(name + " is heard: it runs")));
            case UNKNOWN ->
                JoinPages.answer(
                        HttpStatus.NOT_FOUND,
                        JoinPages.refusal(RegistryCode.UNKNOWN.problem("nothing that ran is named '" + name + "'")));
        };
    }
}
