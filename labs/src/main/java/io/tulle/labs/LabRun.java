package io.tulle.labs;

import io.tulle.dialects.reader.Json;
import io.tulle.dialects.reader.Node;
import io.tulle.labs.stage.Stage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;

/** Shows labs one after the other and says a line for each. A lab that fails does not keep the next from its turn. */
public final class LabRun {
    private final InstantSource clock;
    private final Consumer<String> out;

    /** @param out gets a line for each lab */
    public LabRun(InstantSource clock, Consumer<String> out) {
        this.clock = clock;
        this.out = out;
    }

    /** How a lab ended. */
    public enum Verdict {
        PASS,
        FAIL,
        /** It cannot be shown here. */
        SKIP,
        /** It failed each time, and each time the machine gave it no time: nothing is proved. */
        STARVED
    }

    /** What became of a lab. */
    public record Result(String lab, Verdict verdict, String said, Duration took) {
        @Override
        public String toString() {
            return "%s %-24s %s (%.1f s)".formatted(verdict, lab, said, took.toMillis() / 1000.0);
        }
    }

    public List<Result> show(List<Lab> labs, Stage stage) throws InterruptedException {
        var results = new ArrayList<Result>();
        for (var lab : labs) {
            var result = show(lab, stage);
            results.add(result);
            out.accept(result.toString());
            if (result.verdict() == Verdict.PASS || result.verdict() == Verdict.SKIP) continue;
            stage.keep();
            stage.reset();
        }
        return results;
    }

    private Result show(Lab lab, Stage stage) throws InterruptedException {
        var begun = clock.instant();
        var obstacle = lab.obstacle();
        if (obstacle.isPresent() && System.getenv("CI") == null) {
            return new Result(lab.name(), Verdict.SKIP, obstacle.get(), Duration.ZERO);
        }
        stage.traffic().hurry();
        var tries = new Tries(stage.traffic()::strain, () -> {
            stage.keep();
            stage.reset();
            stage.traffic().slower();
        });
        var seen = tries.of(() -> {
            var said = lab.show(stage);
            stage.reset();
            return said;
        });
        return new Result(lab.name(), seen.verdict(), seen.said(), Duration.between(begun, clock.instant()));
    }

    /** The same as data, for {@code --json}. */
    public static String json(List<Result> results) {
        return Json.compact(Node.listOf(results.stream()
                .map(result -> {
                    var fields = new LinkedHashMap<String, Node>();
                    fields.put("lab", Node.of(result.lab()));
                    fields.put("passed", Node.of(result.verdict() == Verdict.PASS));
                    fields.put("verdict", Node.of(result.verdict().name()));
                    fields.put("said", Node.of(result.said()));
                    fields.put("millis", Node.of(result.took().toMillis()));
                    return Node.mapOf(fields);
                })
                .toList()));
    }
}
