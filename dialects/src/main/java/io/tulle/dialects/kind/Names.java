package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.model.ServiceName;

/** Names of subsets and ports: DNS labels, as Istio's validator has it. */
public final class Names {
    private Names() {}

    public static void check(FieldReader fields, String field, String name) {
        if (!ServiceName.isLabel(name)) fields.problem(Codes.BAD_NAME, field, "cannot be '" + name + "'");
    }
}
