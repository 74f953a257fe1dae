package io.tulle.dialects.field;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.reader.Node;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads the fields of one message and remembers which it was asked for. There is no way to make one but {@link #read}
 * and its own nested reads, and each reports, when the decoder is done, every field that is set and was not read. A value
 * of the wrong type is reported and then counts as absent, so that decoders go on and all problems show at once; callers
 * drop what was decoded when there was an error.
 */
public final class FieldReader {
    private final Subject subject;
    private final String message;
    private final String path;
    private final Node.Mapping node;
    private final Set<String> read = new HashSet<>();

    /** What is being read, for the words of problems, and where problems go. */
    public record Subject(String name, Vocabulary words, List<Problem> problems) {
        /** More would tell nobody anything, and cost memory that a hostile text must not have. */
        private static final int MOST = 1_000;

        private boolean isFull() {
            return problems.size() > MOST;
        }

        private void report(Problem problem) {
            if (problems.size() < MOST) problems.add(problem);
            else if (problems.size() == MOST) {
                problems.add(Codes.TOO_MANY_PROBLEMS.problem(name + ": has more than " + MOST + " problems"));
            }
        }
    }

    private FieldReader(Subject subject, String message, String path, Node.Mapping node) {
        this.subject = subject;
        this.message = message;
        this.path = path;
        this.node = node;
    }

    /** Decodes a whole mapping as the message named. */
    public static <T> T read(Subject subject, String message, Node.Mapping node, Function<FieldReader, T> decode) {
        return new FieldReader(subject, message, "", node).decode(decode);
    }

    private <T> T decode(Function<FieldReader, T> decode) {
        var result = decode.apply(this);
        reportUnread();
        return result;
    }

    /** Whether a field has a value; asking is not reading. */
    public boolean has(String field) {
        return node.get(field).filter(n -> !(n instanceof Node.Null)).isPresent();
    }

    /** Whether the message has a field of this name, set or not. */
    public boolean knows(String field) {
        return subject.words().fields(message).containsKey(field);
    }

    public Optional<String> text(String field) {
        return value(field).flatMap(value -> text(value, pathOf(field)));
    }

    /** Whether a field is a text without a character; asking is not reading. */
    public boolean isEmptyText(String field) {
        return node.get(field)
                .filter(value -> value instanceof Node.Text(var _, var text) && text.isEmpty())
                .isPresent();
    }

    /** Whether a field is a list without an entry; asking is not reading. */
    public boolean isEmptyList(String field) {
        return node.get(field)
                .filter(value -> value instanceof Node.Sequence(var _, var items) && items.isEmpty())
                .isPresent();
    }

    /** A text that must be there and not be empty; reported otherwise. */
    public String requiredText(String field) {
        var text = text(field);
        if (text.isEmpty() && !has(field)) missing(field);
        if (text.isPresent() && text.get().isEmpty()) missing(field);
        return text.orElse("");
    }

    public boolean flag(String field) {
        return flag(field, false);
    }

    /** @param usual what it is where nothing is written */
    public boolean flag(String field, boolean usual) {
        return value(field)
                .flatMap(value -> value instanceof Node.Bool(var _, var set)
                        ? Optional.of(set)
                        : wrong(value, pathOf(field), "true or false"))
                .orElse(usual);
    }

    /** A whole number within bounds, both included. */
    public OptionalInt integer(String field, int least, int most) {
        var number = value(field).flatMap(value -> integer(value, pathOf(field), least, most));
        return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
    }

    /** A number within bounds, both included. */
    public Optional<Double> number(String field, double least, double most) {
        return value(field).flatMap(value -> {
            if (!(value instanceof Node.Numeral(var _, var number))) return wrong(value, pathOf(field), "a number");
            var plain = number.doubleValue();
            return plain >= least && plain <= most ? Optional.of(plain) : outOfRange(value, field, least, most);
        });
    }

    public Optional<Duration> duration(String field, Durations syntax) {
        return text(field).flatMap(text -> {
            var duration = syntax.parse(text);
            if (duration.isEmpty())
                problem(
                        Codes.BAD_DURATION,
                        field,
                        "'" + text + (syntax.isTooLong(text) ? "' is longer than ten years" : "' is not a duration"));
            if (duration.isPresent() && !syntax.takes(duration.get())) {
                problem(Codes.DURATION_TOO_FINE, field, "cannot be '" + text + "'");
                return Optional.empty();
            }
            return duration;
        });
    }

    /**
     * One of some words. A word that the dialect has and the decoder does not take is reported as not acted on; any other
     * as not allowed.
     */
    public <E> Optional<E> choice(String field, Map<String, E> taken) {
        return text(field).flatMap(text -> {
            var meaning = Optional.ofNullable(taken.get(text));
            if (meaning.isEmpty()) refuseWord(field, text, taken.keySet());
            return meaning;
        });
    }

    /** Reads a field whose only value that needs nothing done is one of these; any other is reported as not acted on. */
    public void accept(String field, String... harmless) {
        text(field).filter(text -> !Arrays.asList(harmless).contains(text)).ifPresent(text -> notActedOn(field, text));
    }

    public List<String> texts(String field) {
        return items(field, this::text);
    }

    public List<Integer> integers(String field, int least, int most) {
        return items(field, (value, where) -> integer(value, where, least, most));
    }

    /** Whole numbers by key, each within bounds. */
    public SortedMap<String, Integer> integerMap(String field, int least, int most) {
        return entries(field, (value, where) -> integer(value, where, least, most));
    }

    public SortedMap<String, String> textMap(String field) {
        return entries(field, this::text);
    }

    public <T> Optional<T> object(String field, Function<FieldReader, T> decode) {
        return value(field).flatMap(value -> nested(value, pathOf(field), messageOf(field), decode));
    }

    public <T> List<T> objects(String field, Function<FieldReader, T> decode) {
        return items(field, (value, where) -> nested(value, where, messageOf(field), decode));
    }

    public <T> SortedMap<String, T> objectMap(String field, Function<FieldReader, T> decode) {
        return entries(field, (value, where) -> nested(value, where, messageOf(field), decode));
    }

    /** The value as it stands, for what is kept and not understood. */
    public Optional<Node> value(String field) {
        if (!subject.words().fields(message).containsKey(field)) {
            throw new IllegalArgumentException(message + " has no field " + field); // a slip in a decoder
        }
        read.add(field);
        return node.get(field).filter(value -> !(value instanceof Node.Null));
    }

    /** Of fields that exclude one another, the one that is set; reports none and several. */
    public Optional<String> oneOf(String... fields) {
        var set = Arrays.stream(fields).filter(this::has).toList();
        if (set.size() == 1) return Optional.of(set.getFirst());
        var which = String.join(", ", fields);
        var found = set.isEmpty() ? "none of them is set" : String.join(" and ", set) + " are set";
        report(Codes.ONE_OF
                .problem(in("") + "exactly one of " + which + " is needed, and " + found)
                .at(place()));
        return Optional.empty();
    }

    /** Reports a list that is longer than its kind's schema has it. */
    public void atMost(int most, String field) {
        if (!(node.get(field).orElse(null) instanceof Node.Sequence(var _, var items)) || items.size() <= most) return;
        problem(
                Codes.OUT_OF_RANGE,
                field,
                "has " + items.size() + " entries, and " + most + " are allowed",
                "write at most " + most);
    }

    public void missing(String field) {
        report(Codes.MISSING
                .problem(in(field) + "is missing", "set " + pathOf(field))
                .at(placeOf(field)));
    }

    /** Reports that a value, good in itself, asks for what Tulle does not do. */
    public void notActedOn(String field, String value) {
        problem(Codes.NOT_ACTED_ON, field, "is '" + value + "', which Tulle does not act on (yet)");
    }

    /** Reports something about one field ({@code ""}: about the whole mapping), with the code's own fix. */
    public void problem(Codes code, String field, String message) {
        report(code.problem(in(field) + message).at(placeOf(field)));
    }

    public void problem(Codes code, String field, String message, String fix) {
        report(code.problem(in(field) + message, fix).at(placeOf(field)));
    }

    public void warning(Codes code, String field, String message, String fix) {
        report(code.warning(in(field) + message, fix).at(placeOf(field)));
    }

    /** Where the mapping stands. */
    public Place place() {
        return node.place();
    }

    /** Where a field's value stands, or the mapping that lacks it. */
    public Place placeOf(String field) {
        return node.get(field).map(Node::place).orElse(node.place());
    }

    public String pathOf(String field) {
        if (field.isEmpty()) return path;
        return path.isEmpty() ? field : path + "." + field;
    }

    private void reportUnread() {
        var known = subject.words().fields(message);
        for (var entry : node.entries()) {
            if (subject.isFull()) return;
            if (read.contains(entry.key())) continue;
            var shape = Optional.ofNullable(known.get(entry.key()));
            if (shape.isEmpty()) report(unknown(entry, known.keySet()));
            else if (!shape.get().isUnsetBy(entry.value())) report(unread(entry));
        }
    }

    private Problem unread(Node.Entry entry) {
        return Codes.NOT_ACTED_ON
                .problem(in(entry.key()) + "is set, but Tulle does not act on it (yet)")
                .at(entry.keyPlace());
    }

    private Problem unknown(Node.Entry entry, Set<String> known) {
        var meant = Suggestion.of(entry.key(), known);
        var fix = meant.map(word -> "did you mean '" + word + "'?")
                .orElse(known.isEmpty() ? "remove it" : message + " has: " + String.join(", ", known));
        return Codes.UNKNOWN_FIELD
                .problem(in(entry.key()) + "is no field of " + message, fix)
                .at(entry.keyPlace());
    }

    private void refuseWord(String field, String word, Set<String> taken) {
        if (subject.words().fields(message).get(field) instanceof Shape.Choice(var words) && words.contains(word)) {
            notActedOn(field, word);
            return;
        }
        var meant =
                Suggestion.of(word, taken).map(w -> "did you mean " + w + "? ").orElse("");
        problem(
                Codes.OUT_OF_RANGE,
                field,
                "cannot be '" + word + "'",
                meant + "write one of "
                        + String.join(", ", taken.stream().sorted().toList()));
    }

    private interface Read<T> {
        Optional<T> from(Node value, String where);
    }

    private <T> List<T> items(String field, Read<T> item) {
        var value = value(field);
        if (value.isEmpty()) return List.of();
        if (!(value.get() instanceof Node.Sequence(var _, var items))) {
            wrong(value.get(), pathOf(field), "a list");
            return List.of();
        }
        var all = new ArrayList<T>();
        for (int i = 0; i < items.size(); i++) {
            item.from(items.get(i), pathOf(field) + "[" + i + "]").ifPresent(all::add);
        }
        return Collections.unmodifiableList(all);
    }

    private <T> SortedMap<String, T> entries(String field, Read<T> entry) {
        var all = new TreeMap<String, T>();
        switch (value(field).orElse(Node.Mapping.EMPTY)) {
            case Node.Mapping mapping ->
                mapping.entries()
                        .forEach(e -> entry.from(e.value(), pathOf(field) + "." + e.key())
                                .ifPresent(value -> all.put(e.key(), value)));
            case Node other -> wrong(other, pathOf(field), "a mapping");
        }
        return all;
    }

    private <T> Optional<T> nested(Node value, String where, String message, Function<FieldReader, T> decode) {
        if (!(value instanceof Node.Mapping mapping)) return wrong(value, where, "a mapping");
        return Optional.ofNullable(new FieldReader(subject, message, where, mapping).decode(decode));
    }

    private Optional<String> text(Node value, String where) {
        return value instanceof Node.Text(var _, var text) ? Optional.of(text) : wrong(value, where, "text");
    }

    private Optional<Integer> integer(Node value, String where, int least, int most) {
        if (!(value instanceof Node.Numeral(var _, var number))) return wrong(value, where, "a whole number");
        try {
            var whole = number.intValueExact();
            if (whole >= least && whole <= most) return Optional.of(whole);
        } catch (ArithmeticException _) {
            // a fraction, or too large: out of range like any other
        }
        report(Codes.OUT_OF_RANGE
                .problem(
                        subject.name() + ": " + where + " cannot be " + number,
                        "write a whole number from " + least + " to " + most)
                .at(value.place()));
        return Optional.empty();
    }

    private <T> Optional<T> outOfRange(Node value, String field, double least, double most) {
        problem(
                Codes.OUT_OF_RANGE,
                field,
                "is out of range",
                "write a number from " + plain(least) + " to " + plain(most));
        return Optional.empty();
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private <T> Optional<T> wrong(Node value, String where, String wanted) {
        var hint = wanted.equals("text") && !(value instanceof Node.Mapping || value instanceof Node.Sequence)
                ? "put it in quotes"
                : "write " + wanted;
        report(Codes.WRONG_TYPE
                .problem(subject.name() + ": " + where + " must be " + wanted + ", not " + value.called(), hint)
                .at(value.place()));
        return Optional.empty();
    }

    private String messageOf(String field) {
        return messageOf(
                Optional.ofNullable(subject.words().fields(message).get(field)).orElseThrow());
    }

    private static String messageOf(Shape shape) {
        return switch (shape) {
            case Shape.Message(var name) -> name;
            case Shape.ListOf(var item) -> messageOf(item);
            case Shape.MapOf(var value) -> messageOf(value);
            case Shape.Simple _, Shape.Choice _ -> throw new IllegalArgumentException("no message: " + shape);
        };
    }

    private String in(String field) {
        var where = pathOf(field);
        return subject.name() + ": " + (where.isEmpty() ? "" : where + " ");
    }

    private void report(Problem problem) {
        subject.report(problem);
    }
}
