package io.tulle.control.store;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * JSON as this room reads and writes it: RFC 8259 with no key twice, at most {@value #MAX_DEPTH} deep, nothing after the
 * end; written canonically, with keys sorted and no spaces, so that equal documents are equal texts.
 */
public final class Json {
    public static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER = 100;
    private static final int MAX_NAME = 4096;

    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .maxNameLength(MAX_NAME)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(SerializationFeature.INDENT_OUTPUT)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /** Strict; the exception's message says where. */
    public static JsonNode parse(byte[] text) throws JsonProcessingException {
        try {
            // Decoded here, since the parser's own decoder takes overlong forms.
            var decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return MAPPER.readTree(decoded.toString());
        } catch (CharacterCodingException e) {
            throw new JsonParseException(null, "not UTF-8", e);
        }
    }

    /** For text that this room wrote itself. */
    public static ObjectNode own(String text) {
        try {
            return text.isEmpty() ? object() : (ObjectNode) MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the store's own JSON does not parse", e);
        }
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static String canonical(JsonNode node) {
        return write(sorted(node));
    }

    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory cannot fail to be written", e);
        }
    }

    static String canonical(Map<String, String> map) {
        var node = object();
        map.forEach(node::put);
        return canonical(node);
    }

    static SortedMap<String, String> strings(String text) {
        var strings = new TreeMap<String, String>();
        own(text)
                .properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().textValue()));
        return strings;
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            var array = MAPPER.createArrayNode();
            node.forEach(item -> array.add(sorted(item)));
            return array;
        }
        if (!node.isObject()) return node;
        var fields = new TreeMap<String, JsonNode>();
        node.properties().forEach(entry -> fields.put(entry.getKey(), sorted(entry.getValue())));
        var object = object();
        fields.forEach(object::set);
        return object;
    }
}
