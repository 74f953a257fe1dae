package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.ServiceName;
import java.util.Locale;

/** Names of subsets and ports: DNS labels, in capitals too, as Istio's validator has it. */
public final class Names {
    private Names() {}

    public static void check(FieldReader fields, String field, String name) {
        if (!isLabel(name)) fields.problem(Codes.BAD_NAME, field, "cannot be '" + HttpWords.shown(name) + "'");
    }

    public static boolean isLabel(String name) {
        return ServiceName.isLabel(name.toLowerCase(Locale.ROOT));
    }
}
