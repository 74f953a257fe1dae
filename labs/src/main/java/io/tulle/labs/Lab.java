package io.tulle.labs;

import io.tulle.labs.stage.Stage;

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

    /** The number in its name: {@code 05}. */
    default String number() {
        return name().substring(0, name().indexOf('-'));
    }
}
