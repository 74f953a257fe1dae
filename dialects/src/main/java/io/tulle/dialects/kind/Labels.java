package io.tulle.dialects.kind;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** Labels and the selectors that name them, as strictly as Kubernetes judges both. */
public final class Labels {
    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    private Labels() {}

    /** The labels that a field names; one that no workload could carry is reported. */
    public static SortedMap<String, String> of(FieldReader fields, String field) {
        var labels = fields.textMap(field);
        labels.forEach((key, value) -> {
            if (!isKey(key) || !isValue(value)) {
                fields.problem(
                        Codes.BAD_LABEL,
                        field,
                        "has '" + HttpWords.shown(key) + ": " + HttpWords.shown(value)
                                + "', which no workload can carry");
            }
        });
        return labels;
    }

    public static boolean isKey(String key) {
        return KEY.matcher(key).matches();
    }

    public static boolean isValue(String value) {
        return VALUE.matcher(value).matches();
    }
}
