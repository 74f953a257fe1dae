package io.tulle.proxy.plan;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The plan in force: one volatile reference, set by the control thread, read by every loop at each request. */
public final class LivePlan {
    private volatile Plan current = Plan.EMPTY;
    private final List<Consumer<Plan>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Plan>> actors = new CopyOnWriteArrayList<>();

    public Plan current() {
        return current;
    }

    /** Puts a plan in force, then tells whoever wants to know, on this thread. */
    public void set(Plan plan) {
        current = plan;
        listeners.forEach(listener -> listener.accept(plan));
        actors.forEach(actor -> actor.accept(plan));
    }

    public void onChange(Consumer<Plan> listener) {
        listeners.add(listener);
    }

    /** For who lets traffic in by the new plan: after all who watch know it, so that they count that traffic under its names. */
    public void afterChange(Consumer<Plan> actor) {
        actors.add(actor);
    }
}
