package io.tulle.labs;

import io.tulle.labs.stage.Stage;
import io.tulle.labs.stage.Unmet;

/** The same shop without a Compose file: a control plane, and nine times {@code tulle run}, as in nine shells. */
final class SeparateRunsLab implements Lab {
    @Override
    public String name() {
        return "13-separate-runs";
    }

    @Override
    public String show(Stage stage) throws Exception {
        try (var shop = stage.another(Stage.Way.RUNS)) {
            try {
                var runs = shop.instances().all().size();
                Unmet.unless(runs == 9, runs + " instances run, not 9");
                return "9 × tulle run; " + SameShop.works(shop);
            } catch (Unmet e) {
                shop.keep();
                throw e;
            }
        }
    }
}
