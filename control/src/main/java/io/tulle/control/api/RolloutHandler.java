package io.tulle.control.api;

import io.tulle.control.store.Json;

/** {@code GET /apis/tulle.io/v1/rollout?revision=N}: how many proxies have it, and why others have not. */
final class RolloutHandler {
    private final Rollouts rollouts;

    RolloutHandler(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    Reply show(Ask ask) {
        var revision = ask.number("revision");
        var progress = rollouts.of(revision)
                .orElseThrow(() -> ApiCode.NOT_READY.because("no rollout of revision " + revision + " is followed"));
        var body = Json.object();
        body.put("kind", "Rollout");
        body.put("apiVersion", "tulle.io/v1");
        body.put("revision", progress.revision());
        body.put("proxies", progress.proxies());
        body.put("done", progress.done());
        body.put("told", progress.told());
        var pending = body.putArray("pending");
        for (var one : progress.pending()) {
            pending.addObject()
                    .put("proxy", one.proxy())
                    .put("rejected", one.rejected())
                    .put("reason", one.reason());
        }
        return Reply.ok(body);
    }
}
