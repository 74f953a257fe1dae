package io.tulle.agent.run;

import io.tulle.model.Problem;
import io.tulle.xds.client.RegistryClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the control plane is away, and once that it is back: tries in between are no news. */
final class Told implements RegistryClient.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Told.class);

    private final InstantSource clock;
    private final Consumer<Problem> replaced;
    private final Consumer<String> said;
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private Optional<Instant> away = Optional.empty();

    /** @param said hears a line for the user */
    Told(InstantSource clock, Consumer<Problem> replaced, Consumer<String> said) {
        this.clock = clock;
        this.replaced = replaced;
        this.said = said;
    }

    /** Done when the control plane knows the instance. */
    CompletableFuture<Void> known() {
        return known;
    }

    @Override
    public void registered(Duration lease, String version) {
        LOG.debug("registered lease={} version={}", lease, version);
        away.ifPresent(since -> said.accept("the control plane is back after "
                + Duration.between(since, clock.instant()).toSeconds() + " s"));
        away = Optional.empty();
        known.complete(null);
    }

    @Override
    public void lost(Problem why) {
        LOG.debug("{} {}", why.code(), why.message());
        if (away.isPresent()) return;
        away = Optional.of(clock.instant());
        said.accept(why.code() + " " + why.message() + "; what is configured stays in force");
    }

    @Override
    public void refused(Problem why) {
        // Before the application has started, this is how the run ends; later it goes on without being known.
        if (!known.completeExceptionally(new ControlLink.Refused(why))) LOG.error("{}", why.explained());
    }

    @Override
    public void replaced(Problem why) {
        replaced.accept(why);
    }
}
