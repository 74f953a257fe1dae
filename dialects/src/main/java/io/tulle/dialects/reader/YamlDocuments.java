package io.tulle.dialects.reader;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * A stream of YAML documents. The text is cut at its {@code ---} lines first (YAML 1.2 section 9.1.2: such a line ends a
 * document even inside a scalar), so that a document that cannot be read hides none of the others.
 */
final class YamlDocuments {
    private static final Pattern LINE = Pattern.compile("\r\n|\r|\n");

    private final String file;
    private final Limits limits;
    private final Set<String> allowed;
    private final Map<Place, String> tags = new HashMap<>();
    private final List<Node> documents = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    YamlDocuments(String file, Limits limits, Set<String> allowed) {
        this.file = file;
        this.limits = limits;
        this.allowed = allowed;
    }

    Reading read(String text) {
        var lines = LINE.split(text, -1);
        var count = 0;
        for (int from = 0, next; from < lines.length; from = next) {
            next = from + 1;
            while (next < lines.length && !isMarker(lines[next])) next++;
            if (isEmpty(lines, from, next)) continue;
            if (++count > limits.documents()) {
                problems.add(Codes.TOO_MANY_DOCUMENTS
                        .problem("the text has more than " + limits.documents() + " documents")
                        .at(new Place(file, from + 1, 1)));
                break;
            }
            one(String.join("\n", List.of(lines).subList(from, next)), from);
        }
        return new Reading(documents, problems, tags);
    }

    private static boolean isMarker(String line) {
        return line.startsWith("---") && (line.length() == 3 || Character.isWhitespace(line.charAt(3)));
    }

    /** Only comments, blank lines, directives and the marker itself: no document, as kubectl sees it too. */
    private static boolean isEmpty(String[] lines, int from, int to) {
        for (int i = from; i < to; i++) {
            var line = lines[i];
            if (i == from && isMarker(line)) line = line.substring(3);
            line = line.strip();
            if (!(line.isEmpty() || line.startsWith("#") || line.startsWith("%") || line.equals("..."))) return false;
        }
        return true;
    }

    private void one(String text, int linesBefore) {
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(limits.bytes() + 1)
                .build();
        var tree = new YamlTree(file, linesBefore, limits, allowed, tags);
        var found = new ArrayList<Node>();
        try {
            var events = new ParserImpl(settings, new StreamReader(settings, text));
            while (events.hasNext()) {
                var event = events.next();
                if (event.getEventId() == Event.ID.DocumentStart) {
                    tree.document(events).ifPresent(found::add);
                }
            }
            documents.addAll(found); // not before the whole piece was good
        } catch (Refused e) {
            problems.add(e.problem());
        } catch (MarkedYamlEngineException e) {
            problems.add(Codes.YAML_SYNTAX.problem(said(e)).at(place(mark(e), linesBefore)));
        } catch (ReaderException e) {
            problems.add(Codes.CONTROL_CHARACTER
                    .problem("the text holds the character U+%04X, which YAML does not allow"
                            .formatted(e.getCodePoint()))
                    .at(new Place(file, linesBefore + 1 + lineOf(text, e.getPosition()), 1)));
        } catch (YamlEngineException e) {
            problems.add(Codes.YAML_SYNTAX
                    .problem("the document cannot be read: " + e.getMessage())
                    .at(new Place(file, linesBefore + 1, 1)));
        }
        problems.addAll(tree.problems());
    }

    private static int lineOf(String text, int position) {
        var end = Math.min(Math.max(position, 0), text.length());
        return (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    }

    private static String said(MarkedYamlEngineException e) {
        var context =
                Optional.ofNullable(e.getContext()).filter(c -> !c.isBlank()).map(c -> c + ", ");
        return "not YAML: " + context.orElse("") + e.getProblem();
    }

    private static Optional<Mark> mark(MarkedYamlEngineException e) {
        return e.getProblemMark().or(e::getContextMark);
    }

    private Place place(Optional<Mark> mark, int linesBefore) {
        return mark.map(m -> new Place(file, m.getLine() + 1 + linesBefore, m.getColumn() + 1))
                .orElse(new Place(file, linesBefore + 1, 1));
    }
}
