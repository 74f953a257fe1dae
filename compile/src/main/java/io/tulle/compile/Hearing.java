package io.tulle.compile;

import io.tulle.xds.layer.Bundle;
import io.tulle.xds.layer.Shelf;
import java.util.List;

/** What one node hears at one moment: all that it may, or what it asked for and the names of the rest. */
public final class Hearing {
    private final Selection selection;
    private final List<Shelf> shelves;

    Hearing(Selection selection, List<Shelf> shelves) {
        this.selection = selection;
        this.shelves = List.copyOf(shelves);
    }

    Selection selection() {
        return selection;
    }

    /** Whether nothing of it differs from another, to be seen by identity alone. */
    public boolean isSame(Hearing other) {
        if (shelves.size() != other.shelves.size() || !selection.demand().equals(other.selection.demand()))
            return false;
        for (int i = 0; i < shelves.size(); i++) {
            if (shelves.get(i) != other.shelves.get(i)) return false;
        }
        return true;
    }

    public Bundle bundle() {
        return Bundle.of(shelves, selection.demand());
    }
}
