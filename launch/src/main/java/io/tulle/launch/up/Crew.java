package io.tulle.launch.up;

/** What an instance asks of the set that it belongs to. */
interface Crew {
    /** Something about an instance is not what it was. */
    void changed();

    /** Whether the set is still being started: then troubles end it, later they are told. */
    boolean isStarting();

    /** Whether others wait for this entry to end, so that it need not become ready. */
    boolean endsByItself(String entry);
}
