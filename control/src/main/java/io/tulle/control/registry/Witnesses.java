package io.tulle.control.registry;

import io.tulle.control.registry.Tenancy.Stage;
import io.tulle.model.ServiceName;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Who proves that a silent instance is gone, and not merely cut off with all others: its guardian, or something that is heard steadily, and
 * was surely alive when the instance had fallen silent already. When a cut heals, the first to be back must not outlive those
 * that come a moment later.
 */
final class Witnesses {
    private final RegistrySettings settings;
    private final Map<ServiceName, Instant> ofService = new HashMap<>();
    private final Map<String, Instant> ofHost = new HashMap<>();
    private Instant ofAll = Instant.MIN;

    private Witnesses(RegistrySettings settings) {
        this.settings = settings;
    }

    static Witnesses among(Collection<Tenancy> tenants, RegistrySettings settings, Instant now) {
        var witnesses = new Witnesses(settings);
        for (var tenant : tenants) {
            var steady = !tenant.steady().isAfter(now.minus(settings.proof()));
            if (tenant.stage() == Stage.LIVE && steady) witnesses.add(tenant);
        }
        return witnesses;
    }

    private void add(Tenancy tenant) {
        ofService.merge(tenant.announced().service(), tenant.heard(), Witnesses::later);
        if (!tenant.host().isEmpty()) ofHost.merge(tenant.host(), tenant.heard(), Witnesses::later);
        ofAll = later(ofAll, tenant.heard());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Whether an instance whose lease is over is surely gone. */
    boolean outlive(Tenancy silent) {
        return silent.isKilled()
                || isOfOurHost(silent)
                || proves(silent.refused(), silent)
                || proves(ofService.getOrDefault(silent.announced().service(), Instant.MIN), silent)
                || proves(ofHost.getOrDefault(silent.host(), Instant.MIN), silent)
                || ofAll.isAfter(
                        silent.heard().plus(RegistrySettings.LONGEST_SILENCE).minus(settings.proof()));
    }

    /** There is no network in between that could be cut: the stream broke because its process ended. */
    private boolean isOfOurHost(Tenancy silent) {
        return silent.stage() == Stage.SUSPECT
                && !settings.host().isEmpty()
                && settings.host().equals(silent.host());
    }

    private boolean proves(Instant heard, Tenancy silent) {
        return heard.isAfter(silent.heard().plus(settings.proof()));
    }
}
