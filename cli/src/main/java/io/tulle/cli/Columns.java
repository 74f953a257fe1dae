package io.tulle.cli;

import io.tulle.model.OneLine;
import java.io.PrintWriter;
import java.util.List;

/** Prints rows as columns wide enough for their longest cell, two spaces apart. */
final class Columns {
    private Columns() {}

    static void print(PrintWriter out, List<List<String>> cells) {
        var rows = cells.stream()
                .map(row -> row.stream().map(OneLine::of).toList())
                .toList();
        var widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (var row : rows) {
            for (var i = 0; i < row.size(); i++)
                widths[i] = Math.max(widths[i], row.get(i).length());
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (var i = 0; i < row.size(); i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }
}
