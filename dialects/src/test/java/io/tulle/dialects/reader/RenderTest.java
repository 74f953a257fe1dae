package io.tulle.dialects.reader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What is written reads back as the same. */
class RenderTest {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "a b",
            "a: b",
            "- a",
            "#x",
            "a #b",
            "true",
            "No",
            "on",
            "null",
            "~",
            "1",
            "1e3",
            "0x1F",
            "0o7",
            "1_000",
            "12:30",
            "2026-01-02",
            ".5",
            "-",
            "--- ",
            "---",
            "...",
            "'",
            "\"",
            "\\",
            "\n",
            "a\nb",
            "a\n",
            "\ta",
            "\u0000",
            "\u007f",
            "\u0085",
            "\u2028",
            "\uFEFF",
            "é",
            "日本",
            "😀",
            "%a",
            "@a",
            "`a",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "[",
            "{",
            "?",
            ",",
            "a,",
            "x-y/z.w",
            "http://a.b/c?d=e&f",
            "=",
            "<<",
            "a:b",
            "a:",
            ":a");

    @RepeatedTest(200)
    void yamlAndJsonReadBackAsWritten(RepetitionInfo run) {
        var random =
                java.util.random.RandomGeneratorFactory.of("L64X128MixRandom").create(run.getCurrentRepetition());
        var node = mapping(random, 4);
        var wanted = Json.canonical(node);
        assertEquals(wanted, canonical(new Reader().yaml("f", Yaml.write(node))), () -> Yaml.write(node));
        assertEquals(wanted, canonical(new Reader().json("f", Json.compact(node))));
        assertEquals(wanted, canonical(new Reader().json("f", wanted)));
        assertEquals(wanted, canonical(new Reader().yaml("f", wanted)), "JSON is YAML");
    }

    @Test
    void eachAwkwardTextReadsBackAsText() {
        for (var text : TEXTS) {
            var node = Node.mapOf(java.util.Map.of("k", Node.of(text)));
            var back = new Reader().yaml("f", Yaml.write(node));
            assertEquals(Json.canonical(node), canonical(back), () -> Yaml.write(node));
        }
    }

    @Test
    void whatWouldSteerATerminalIsWrittenAsAnEscape() {
        var hostile =
                Node.mapOf(java.util.Map.of("k\u001b[2J", Node.of("a\u001b]0;x\u0007\n\u009b\u202eb\u200b\ufeff")));

        for (var text : List.of(Yaml.write(hostile).strip(), Json.compact(hostile))) {
            assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
        }
    }

    @Test
    void yamlLooksAsKubectlPrintsIt() {
        var document = new Reader()
                .json(
                        "f",
                        "{\"kind\":\"X\",\"list\":[{\"a\":1,\"b\":[]},\"yes\",[1,2]],\"map\":{\"k\":{}},\"n\":null,\"t\":\"a: b\"}")
                .documents()
                .getFirst();
        assertEquals("""
                kind: X
                list:
                - a: 1
                  b: []
                - "yes"
                -
                  - 1
                  - 2
                map:
                  k: {}
                "n": null
                t: "a: b"
                """, Yaml.write(document));
    }

    @Test
    void canonicalTextIsTheSameForEveryOrderOfKeys() {
        var one = new Reader()
                .json("f", "{\"b\":1,\"a\":{\"d\":1,\"c\":2}}")
                .documents()
                .getFirst();
        var other = new Reader().yaml("f", "a: {c: 2, d: 1}\nb: 1").documents().getFirst();
        assertEquals(Json.canonical(one), Json.canonical(other));
    }

    private static String canonical(Reading reading) {
        assertEquals(List.of(), reading.problems());
        return Json.canonical(reading.documents().getFirst());
    }

    private static Node.Mapping mapping(RandomGenerator random, int depth) {
        var entries = new LinkedHashMap<String, Node>();
        var size = 1 + random.nextInt(4);
        for (int i = 0; i < size; i++) {
            var key = random.nextInt(3) == 0 ? TEXTS.get(random.nextInt(TEXTS.size())) : "k" + i;
            if (!key.equals("<<")) entries.put(key, node(random, depth - 1));
        }
        return Node.mapOf(entries);
    }

    private static Node node(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> new Node.Numeral(Node.MADE, BigDecimal.valueOf(random.nextLong()));
            case 1 -> new Node.Numeral(Node.MADE, new BigDecimal("" + random.nextInt() + ".50e-3"));
            case 2 -> Node.of(random.nextBoolean());
            case 3 -> new Node.Null(Node.MADE);
            case 4 -> Node.of(TEXTS.get(random.nextInt(TEXTS.size())));
            case 5 -> mapping(random, depth);
            default -> {
                var items = new ArrayList<Node>();
                for (int i = random.nextInt(4); i > 0; i--) items.add(node(random, depth - 1));
                yield Node.listOf(items);
            }
        };
    }
}
