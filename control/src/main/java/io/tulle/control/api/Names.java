package io.tulle.control.api;

import java.util.Map;
import java.util.regex.Pattern;

/** Names as Kubernetes allows them (RFC 1123; label syntax of its "Labels and Selectors" page). */
final class Names {
    // Linear: no part can match in two ways.
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 253;
    private static final int MAX_ANNOTATIONS = 256 * 1024;

    private Names() {}

    static String resource(String name, String field) {
        if (!isDnsName(name)) {
            throw ApiCode.BAD_NAME.because(field + " '" + shortened(name)
                    + "' is not a DNS name: at most 253 lower-case letters, digits, '-' and '.'");
        }
        return name;
    }

    static String namespace(String name) {
        if (name.length() > MAX_LABEL || !LABEL.matcher(name).matches()) {
            throw ApiCode.BAD_NAME.because("metadata.namespace '" + shortened(name)
                    + "' is not a DNS label: at most 63 lower-case letters, digits and '-'");
        }
        return name;
    }

    static void labels(Map<String, String> labels) {
        labels.forEach((key, value) -> {
            labelKey(key, "metadata.labels");
            if (!isLabelValue(value)) {
                throw ApiCode.BAD_NAME.because("metadata.labels: '" + shortened(value) + "' of '" + key
                        + "' is no label value: at most 63 letters, digits, '-', '_' and '.'");
            }
        });
    }

    static void annotations(Map<String, String> annotations) {
        var size = 0L;
        for (var entry : annotations.entrySet()) {
            labelKey(entry.getKey(), "metadata.annotations");
            size += entry.getKey().length() + entry.getValue().length();
        }
        if (size > MAX_ANNOTATIONS) throw ApiCode.MALFORMED.because("metadata.annotations has more than 256 KiB");
    }

    static void labelKey(String key, String field) {
        var slash = key.indexOf('/');
        var word = key.substring(slash + 1);
        var prefixed = slash < 0 || isDnsName(key.substring(0, slash));
        if (!prefixed || word.length() > MAX_LABEL || !WORD.matcher(word).matches()) {
            throw ApiCode.BAD_NAME.because(field + ": '" + shortened(key) + "' is no label name ([prefix/]name)");
        }
    }

    static boolean isLabelValue(String value) {
        return value.isEmpty()
                || (value.length() <= MAX_LABEL && WORD.matcher(value).matches());
    }

    private static boolean isDnsName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) return false;
        for (var part : name.split("\\.", -1)) {
            if (!LABEL.matcher(part).matches()) return false;
        }
        return true;
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
