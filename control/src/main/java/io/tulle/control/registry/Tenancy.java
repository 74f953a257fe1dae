package io.tulle.control.registry;

import io.tulle.model.SpiffeId;
import io.tulle.model.world.Instance;
import io.tulle.model.world.Serving;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;

/**
 * One instance as the registry holds it, for {@code tulle ps}; immutable.
 *
 * @param host the machine that it runs on, for others of it to be heard instead; empty where it is not known
 * @param steady since when it has been heard without a long gap
 * @param heard when it was heard last
 * @param refused when a peer said last that nobody listens at its mesh port; long ago where none ever did
 * @param run which run of it speaks
 * @param isKilled whether its guardian has said that its sidecar was killed
 */
public record Tenancy(
        Instance announced,
        SpiffeId identity,
        String software,
        String host,
        long session,
        Instant steady,
        Instant heard,
        Instant refused,
        String run,
        boolean isKilled,
        Stage stage) {

    /** Where in its life an instance is; drawn at {@link Registry}. */
    public enum Stage {
        /** Known from before a restart and not back yet: sent as it was. */
        RECALLED,
        LIVE,
        /** Its stream is lost, its lease not over. */
        SUSPECT,
        /** Its lease is over, but nothing better is left in its service. */
        LINGERING
    }

    /** The instance as peers are told of it. */
    public Instance instance() {
        var now = switch (stage) {
            case RECALLED -> announced.liveness();
            case LIVE -> Instance.Liveness.LIVE;
            case SUSPECT, LINGERING -> Instance.Liveness.SUSPECT;
        };
        return announced.liveness() == now ? announced : announced.as(now);
    }

    Tenancy at(Stage now) {
        return new Tenancy(announced, identity, software, host, session, steady, heard, refused, run, isKilled, now);
    }

    Tenancy serving(Serving now) {
        return new Tenancy(
                announced.serving(now),
                identity,
                software,
                host,
                session,
                steady,
                heard,
                refused,
                run,
                isKilled,
                stage);
    }

    /** Heard again; a gap longer than this begins a new steady time. */
    Tenancy heard(Instant when, Duration gap) {
        var last = when.isAfter(heard) ? when : heard;
        return new Tenancy(
                announced, identity, software, host, session, steadyAt(when, gap), last, refused, run, false, stage);
    }

    Instant steadyAt(Instant when, Duration gap) {
        return when.isAfter(heard.plus(gap)) ? when : steady;
    }

    /** With a new lease to be heard in, as if it had been heard. */
    Tenancy forgiven(Instant when) {
        return new Tenancy(announced, identity, software, host, session, when, when, refused, run, isKilled, stage);
    }

    Tenancy refusedAt(Instant when) {
        return new Tenancy(announced, identity, software, host, session, steady, heard, when, run, isKilled, stage);
    }

    /** One that did not tell its number has none that proves anything. */
    boolean isRun(String number) {
        return !number.isEmpty()
                && MessageDigest.isEqual(run.getBytes(StandardCharsets.UTF_8), number.getBytes(StandardCharsets.UTF_8));
    }

    Tenancy killed() {
        return new Tenancy(announced, identity, software, host, session, steady, heard, refused, run, true, stage);
    }

    StoredLease stored() {
        return new StoredLease(instance(), identity, software, host);
    }
}
