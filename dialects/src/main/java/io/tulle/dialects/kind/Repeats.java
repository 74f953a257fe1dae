package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import java.util.HashSet;
import java.util.List;

/** Lists that Gateway API's schema keeps as sets, or as maps by name: 16 entries where nothing else is said, each once. */
public final class Repeats {
    private static final int MOST = 16;

    private Repeats() {}

    /** @param names of the field's entries, as they are written */
    public static void report(FieldReader fields, String field, List<?> names) {
        report(fields, field, names, MOST);
    }

    /** The same where the schema allows another number of entries. */
    public static void report(FieldReader fields, String field, List<?> names, int most) {
        fields.atMost(most, field);
        var seen = new HashSet<Object>();
        for (var name : names) {
            if (!seen.add(name)) {
                fields.problem(Codes.DUPLICATE_NAME, field, "has '" + name + "' twice", "write it once");
            }
        }
    }
}
