package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.field.Vocabulary;
import io.tulle.dialects.kind.Kind;
import io.tulle.dialects.kind.Labels;
import io.tulle.dialects.reader.Node;
import io.tulle.dialects.resource.Metadata;
import io.tulle.model.Problem;
import io.tulle.model.ServiceName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Kubernetes' ObjectMeta, as strictly as Kubernetes judges it. */
final class MetadataReader {
    static final Vocabulary WORDS = Vocabulary.parse("""
            ObjectMeta: name text, namespace text, labels text{}, annotations text{}, generation integer, resourceVersion text, uid text, creationTimestamp text, generateName text, managedFields any, ownerReferences any, finalizers text[], selfLink text, deletionTimestamp text, deletionGracePeriodSeconds integer
            """);

    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    /** Kubernetes' limit for all annotations of one resource. */
    private static final int ANNOTATIONS = 256 << 10;

    private final Kind kind;
    private final Node.Mapping node;
    private final String defaultNamespace;
    private final List<Problem> problems;

    MetadataReader(Kind kind, Node.Mapping node, String defaultNamespace, List<Problem> problems) {
        this.kind = kind;
        this.node = node;
        this.defaultNamespace = defaultNamespace;
        this.problems = problems;
    }

    Metadata read() {
        var own = new ArrayList<Problem>();
        var subject = new FieldReader.Subject(kind.kind() + " metadata", WORDS, own);
        var metadata = FieldReader.read(subject, "ObjectMeta", node, this::metadata);
        problems.addAll(own);
        return metadata;
    }

    private Metadata metadata(FieldReader fields) {
        // written by clusters and clients about themselves; nothing here depends on them
        List.of("managedFields", "selfLink", "ownerReferences", "finalizers").forEach(fields::value);
        var name = fields.requiredText("name");
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            fields.problem(Codes.BAD_METADATA, "name", "'" + shortened(name) + "' is not a valid name");
        }
        var labels = fields.textMap("labels");
        labels.forEach((key, value) -> label(fields, key, value));
        var annotations = fields.textMap("annotations");
        if (size(annotations) > ANNOTATIONS) {
            fields.problem(Codes.BAD_METADATA, "annotations", "are larger than 256 KiB", "shorten them");
        }
        var generation = fields.integer("generation", 0, Integer.MAX_VALUE);
        return new Metadata(
                name,
                namespace(fields),
                labels,
                annotations,
                generation.isPresent() ? OptionalLong.of(generation.getAsInt()) : OptionalLong.empty(),
                fields.text("resourceVersion"),
                fields.text("uid"),
                fields.text("creationTimestamp").flatMap(text -> instant(fields, text)));
    }

    private String namespace(FieldReader fields) {
        var written = fields.text("namespace").filter(text -> !text.isEmpty());
        if (!kind.namespaced()) {
            if (written.isPresent()) fields.problem(Codes.BAD_METADATA, "namespace", "is set, and the kind has none");
            return "";
        }
        var namespace = written.orElse(defaultNamespace);
        if (!ServiceName.isLabel(namespace)) {
            fields.problem(Codes.BAD_METADATA, "namespace", "'" + shortened(namespace) + "' is not a DNS label");
        }
        return namespace;
    }

    private static void label(FieldReader fields, String key, String value) {
        if (!Labels.isKey(key)) {
            fields.problem(Codes.BAD_METADATA, "labels", "has the key '" + shortened(key) + "', which is not valid");
        }
        if (!Labels.isValue(value)) {
            fields.problem(
                    Codes.BAD_METADATA, "labels", "has the value '" + shortened(value) + "', which is not valid");
        }
    }

    private static Optional<Instant> instant(FieldReader fields, String text) {
        try {
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            fields.problem(
                    Codes.BAD_METADATA, "creationTimestamp", "'" + shortened(text) + "' is not a time", "leave it out");
            return Optional.empty();
        }
    }

    private static long size(Map<String, String> annotations) {
        return annotations.entrySet().stream()
                .mapToLong(e -> e.getKey().length() + e.getValue().length())
                .sum();
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
