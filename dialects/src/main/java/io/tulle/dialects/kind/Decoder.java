package io.tulle.dialects.kind;

import io.tulle.dialects.field.FieldReader;
import java.util.List;

/** From a resource's fields to what it contributes to the World. Pure. */
public interface Decoder {
    /** Reads the top-level fields; problems go to the reader. What is returned counts only if there was no error. */
    List<Contribution> decode(FieldReader fields, Context context);

    /** What stands in for a resource that cannot be read: nothing, unless its absence would open a door. */
    default List<Contribution> heldClosed(Context context) {
        return List.of();
    }
}
