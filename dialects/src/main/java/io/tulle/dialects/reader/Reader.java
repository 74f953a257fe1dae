package io.tulle.dialects.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tulle.dialects.code.Codes;
import io.tulle.model.Problem;
import io.tulle.model.Problem.Place;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Set;

/** The one door for text. YAML 1.2 (core schema) may hold many documents; JSON (RFC 8259) holds one. */
public final class Reader {
    private final Limits limits;
    private final Set<String> tags;

    public Reader(Limits limits) {
        this(limits, Set.of());
    }

    /** @param tags of YAML, such as {@code !reset}, that are told and not refused */
    public Reader(Limits limits, Set<String> tags) {
        this.limits = limits;
        this.tags = Set.copyOf(tags);
    }

    public Reader() {
        this(Limits.DEFAULT);
    }

    /** Reads bytes as their name says: {@code .json} is JSON, all else YAML. */
    public Reading read(String file, byte[] bytes) {
        var json = file.endsWith(".json");
        return json ? json(file, bytes) : yaml(file, bytes);
    }

    public Reading yaml(String file, byte[] bytes) {
        return decoded(file, bytes, text -> new YamlDocuments(file, limits, tags).read(text));
    }

    public Reading json(String file, byte[] bytes) {
        return decoded(file, bytes, text -> new JsonDocument(file, text, limits).read());
    }

    public Reading yaml(String file, String text) {
        return yaml(file, text.getBytes(UTF_8));
    }

    public Reading json(String file, String text) {
        return json(file, text.getBytes(UTF_8));
    }

    private Reading decoded(String file, byte[] bytes, java.util.function.Function<String, Reading> read) {
        if (bytes.length > limits.bytes()) {
            return refused(Codes.TOO_LARGE
                    .problem("the text has " + bytes.length + " bytes, more than " + limits.bytes())
                    .at(new Place(file, 1, 1)));
        }
        try {
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return read.apply(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            return refused(Codes.NOT_UTF8.problem("the text is not UTF-8").at(lineOfBadByte(file, bytes)));
        }
    }

    /** The first line that does not decode by itself. A line feed is never part of a longer UTF-8 sequence. */
    private static Place lineOfBadByte(String file, byte[] bytes) {
        var line = 1;
        var start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] != '\n') continue;
            try {
                UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, i - start));
            } catch (CharacterCodingException e) {
                return new Place(file, line, 1);
            }
            line++;
            start = i + 1;
        }
        return new Place(file, 1, 1);
    }

    private static Reading refused(Problem problem) {
        return new Reading(List.of(), List.of(problem));
    }
}
