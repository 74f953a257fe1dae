package io.tulle.launch.up;

import io.tulle.model.OneLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The output of all instances in one terminal: each line after the name of its instance, in a colour where there are colours. */
public final class Output {
    private static final int[] COLOURS = {36, 33, 32, 35, 34, 96, 93, 92, 95, 94};
    private static final int LAST = 20;
    private static final int LONGEST_LINE = 16_384;

    private final PrintStream out;
    private final boolean coloured;
    private final List<String> names;
    private final int width;

    private Output(PrintStream out, boolean coloured, List<String> names) {
        this.out = out;
        this.coloured = coloured;
        this.names = names;
        this.width = names.stream().mapToInt(String::length).max().orElse(0);
    }

    /** @param coloured only where {@code out} is a terminal */
    public static Output to(PrintStream out, boolean coloured, UpPlan plan) {
        return new Output(
                out, coloured, plan.launches().stream().map(Launch::instance).toList());
    }

    /** The last lines of one life, and when its output ended. */
    record Tail(Deque<String> kept, CompletableFuture<Void> ended) {
        List<String> lines() {
            synchronized (kept) {
                return List.copyOf(kept);
            }
        }

        private void keep(String line) {
            synchronized (kept) {
                if (kept.size() == LAST) kept.removeFirst();
                kept.addLast(line);
            }
        }

        static Tail empty() {
            return new Tail(new ArrayDeque<>(), CompletableFuture.completedFuture(null));
        }
    }

    Tail follow(String name, InputStream stream) {
        var tail = new Tail(new ArrayDeque<>(), new CompletableFuture<>());
        Thread.ofVirtual().name("up-" + name).start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (var line = new StringBuilder(); ; ) {
                    var c = reader.read();
                    if (c >= 0 && c != '\n' && line.length() < LONGEST_LINE) {
                        line.append((char) c);
                        continue;
                    }
                    if (c >= 0 || !line.isEmpty()) print(name, line.toString(), tail);
                    line.setLength(0);
                    if (c < 0) break;
                    if (c != '\n') line.append((char) c);
                }
            } catch (IOException _) {
                // it was closed under us: what was said before is all there is
            } finally {
                tail.ended().complete(null);
            }
        });
        return tail;
    }

    private void print(String name, String written, Tail tail) {
        var line = written.endsWith("\r") ? written.substring(0, written.length() - 1) : written;
        tail.keep(line);
        show(name, line);
    }

    /** What Tulle says of an instance. Reasons in it are often a stranger's, so nothing in it steers the terminal. */
    void say(String name, String line) {
        show(name, OneLine.withFix(line));
    }

    /** One whole line, never mixed with another's. What an instance prints is shown as it is. */
    private void show(String name, String line) {
        var prefix = name + " ".repeat(Math.max(0, width - name.length())) + " | ";
        var colour = COLOURS[Math.floorMod(names.indexOf(name), COLOURS.length)];
        var shown = coloured && names.contains(name) ? "\u001b[" + colour + "m" + prefix + "\u001b[0m" : prefix;
        synchronized (out) {
            out.println(shown + line);
            out.flush();
        }
    }

    void sayAll(String name, Collection<String> lines) {
        lines.forEach(line -> say(name, line));
    }
}
