package io.tulle.labs;

import io.tulle.labs.stage.Stage;
import java.util.Optional;

/** One thing that the mesh does, shown on the running shop. */
public interface Lab {
    /** Number and name, as its page in {@code docs/labs} is called: {@code 05-nest-tcp-balancing}. */
    String name();

    /**
     * Does it and looks.
     *
     * @return what was seen, with numbers, in one line
     * @throws io.tulle.labs.stage.Unmet when something else was seen than the lab claims
     */
    String show(Stage stage) throws Exception;

    /** Why it cannot be shown on this machine, or by this user; in CI it has to be. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** The number in its name: {@code 05}. */
    default String number() {
        return name().substring(0, name().indexOf('-'));
    }
}
