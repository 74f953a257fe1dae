package io.tulle.control.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tulle.control.store.Json;
import io.tulle.control.store.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Resources as the {@code Table} of {@code meta.k8s.io/v1}, which kubectl prints as it comes. */
final class Tables {
    private Tables() {}

    /** Which part of each resource goes with its row. */
    enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    static ObjectNode of(ServedKind kind, List<Resource> resources, Instant now, Include include) {
        var table = Json.object();
        table.put("kind", "Table");
        table.put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata");
        columns(kind, table);
        var rows = table.putArray("rows");
        for (var resource : resources) row(kind, resource, now, include, rows.addObject());
        return table;
    }

    private static void columns(ServedKind kind, ObjectNode table) {
        var columns = table.putArray("columnDefinitions");
        columns.add(column("Name", "string", "name", 0));
        for (var column : kind.columns()) columns.add(column(column.name(), column.type(), "", column.wide() ? 1 : 0));
        columns.add(column("Age", "string", "", 0));
    }

    private static ObjectNode column(String name, String type, String format, int priority) {
        var column = Json.object();
        column.put("name", name);
        column.put("type", type);
        column.put("format", format);
        column.put("description", name);
        column.put("priority", priority);
        return column;
    }

    private static void row(ServedKind kind, Resource resource, Instant now, Include include, ObjectNode row) {
        var document = Documents.render(kind, resource);
        var cells = row.putArray("cells");
        cells.add(resource.key().name());
        for (var column : kind.columns()) {
            var cell = column.cell(document);
            if (column.type().equals("integer")) cells.add(Numbers.parse(cell));
            else cells.add(cell);
        }
        cells.add(age(Duration.between(resource.created(), now)));
        switch (include) {
            case NONE -> {}
            case OBJECT -> row.set("object", document);
            case METADATA -> {
                var object = row.putObject("object");
                object.put("kind", "PartialObjectMetadata");
                object.put("apiVersion", "meta.k8s.io/v1");
                object.set("metadata", document.path("metadata"));
            }
        }
    }

    /** As kubectl writes ages: the two largest units while they are small, then one. */
    static String age(Duration age) {
        if (age.isNegative()) return "0s";
        if (age.toSeconds() < 120) return age.toSeconds() + "s";
        if (age.toMinutes() < 10) return age.toMinutes() + "m" + suffix(age.toSecondsPart(), "s");
        if (age.toMinutes() < 180) return age.toMinutes() + "m";
        if (age.toHours() < 8) return age.toHours() + "h" + suffix(age.toMinutesPart(), "m");
        if (age.toHours() < 48) return age.toHours() + "h";
        if (age.toDays() < 8) return age.toDays() + "d" + suffix(age.toHoursPart(), "h");
        return age.toDays() + "d";
    }

    private static String suffix(int part, String unit) {
        return part == 0 ? "" : part + unit;
    }
}
