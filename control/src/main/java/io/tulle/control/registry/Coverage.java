package io.tulle.control.registry;

import io.tulle.control.identity.Checked;
import io.tulle.control.identity.Claims.Cover;
import io.tulle.control.identity.Svid;
import io.tulle.model.world.Instance;
import java.util.TreeSet;

/**
 * Holds what an instance says of itself against its credential. What the credential contradicts is refused; a label of
 * which it says nothing stays, for subsets and for the instance's own policies, but makes it a member of no Service.
 */
final class Coverage {
    private Coverage() {}

    static Checked<Instance> of(Svid peer, Instance instance) {
        var account = instance.workload().account();
        var service = instance.service().name();
        if (!peer.claims().mayServe(account, service)) {
            return Checked.refused(RegistryCode.SERVICE_UNCOVERED.problem(
                    "the credential of account " + account + " does not say that it may serve " + service));
        }
        var unproven = new TreeSet<String>();
        for (var label : instance.workload().labels().entrySet()) {
            switch (peer.claims().cover(account, label.getKey(), label.getValue())) {
                case Cover.COVERED -> {}
                case Cover.UNSAID -> unproven.add(label.getKey());
                case Cover.CONTRADICTED -> {
                    return Checked.refused(RegistryCode.LABEL_UNCOVERED.problem("the credential of account " + account
                            + " says otherwise of the label '" + label.getKey() + "'"));
                }
            }
        }
        return Checked.fit(instance.withUnproven(unproven));
    }
}
