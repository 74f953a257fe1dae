package io.tulle.dialects.reader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The YAML and JSON door: what is hostile or broken is refused with a code and a line, and a good text passes after it. */
class HostileTextTest {
    /** @param source where the case comes from */
    private record Case(String name, String source, String text, Charset in, String code, int line) {
        byte[] bytes() {
            return text.getBytes(in);
        }

        static Case of(String name, String source, String text, String code, int line) {
            return new Case(name, source, text, StandardCharsets.UTF_8, code, line);
        }
    }

    private static final String BOMB = """
            a: &a [x,x,x,x,x,x,x,x,x]
            b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
            c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
            d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
            e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
            f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
            """;

    private static final List<Case> YAML = List.of(
            Case.of("a billion laughs", "CVE-2019-11253", BOMB, "TUL1107", 6),
            Case.of("many aliases", "CVE-2019-11253", "a: &a x\nb:\n" + "- *a\n".repeat(51), "TUL1108", 53),
            Case.of("a value that holds itself", "YAML 1.2, 7.1", "a: &a [1, *a]", "TUL1109", 1),
            Case.of("an alias without anchor", "YAML 1.2, 7.1", "a: 1\nb: *nowhere", "TUL1109", 2),
            Case.of("deep lists", "security list, 16", "a: " + "[".repeat(100_000), "TUL1106", 1),
            Case.of("deep mappings", "security list, 16", "{a: ".repeat(100_000), "TUL1106", 1),
            Case.of("deep block lists", "security list, 16", "- ".repeat(1_000) + "x", "TUL1106", 1),
            Case.of("a key twice", "YAML 1.2, 3.2.1.3", "a: 1\nb: 2\na: 3", "TUL1110", 3),
            Case.of("a key twice, quoted", "YAML 1.2, 3.2.1.3", "a: 1\n\"a\": 3", "TUL1110", 2),
            Case.of(
                    "a tag that makes an object",
                    "CVE-2022-1471",
                    "a: !!javax.script.ScriptEngineManager []",
                    "TUL1112",
                    1),
            Case.of("a local tag", "CVE-2022-1471", "a: !thing 1", "TUL1112", 1),
            Case.of("a tag for a text", "YAML 1.2, 10.1", "a: !!str 1", "TUL1112", 1),
            Case.of("a list as a key", "YAML 1.2, 10.1", "? [a, b]\n: 1", "TUL1111", 1),
            Case.of("an open quote", "YAML 1.2, 7.3", "a: \"open\nb: 1", "TUL1104", 2),
            Case.of("an open bracket", "YAML 1.2, 7.4", "a: [1, 2\n", "TUL1104", 2),
            Case.of("a tab as indentation", "YAML 1.2, 6.1", "a:\n\tb: 1", "TUL1104", 2),
            Case.of("a colon in plain text", "YAML 1.2, 7.3.3", "a: b: c", "TUL1104", 1),
            Case.of("a directive inside", "YAML 1.2, 9.1.4", "a: 1\n%YAML 1.2", "TUL1104", 2),
            Case.of("a control character", "YAML 1.2, 5.1", "a: 1\nb: \u0007", "TUL1103", 2),
            Case.of("NUL", "YAML 1.2, 5.1", "a: 1\nb: \u0000", "TUL1103", 2),
            Case.of("infinity", "RFC 8259, 6", "a: .inf", "TUL1113", 1),
            Case.of("not a number", "RFC 8259, 6", "a: .nan", "TUL1113", 1),
            Case.of("a number without end", "CVE-2020-28493's kind", "a: " + "9".repeat(100_000), "TUL1113", 1),
            Case.of("an exponent out of reach", "BigDecimal", "a: 1e999999999", "TUL1113", 1),
            Case.of("a merge of text", "YAML 1.1 merge", "<<: x", "TUL1111", 1),
            new Case("bytes that are not UTF-8", "RFC 3629", "a:\n\u00c3(", StandardCharsets.ISO_8859_1, "TUL1102", 2),
            new Case("UTF-16", "RFC 3629", "a: 1", StandardCharsets.UTF_16, "TUL1102", 1),
            new Case("4 MiB", "security list, 16", " ".repeat(4 << 20), StandardCharsets.UTF_8, "TUL1101", 1));

    private static final List<Case> JSON = List.of(
            Case.of("nothing", "RFC 8259, 2", "", "TUL1105", 1),
            Case.of("a trailing comma", "RFC 8259, 4", "{\"a\":1,\n}", "TUL1105", 2),
            Case.of("a comment", "RFC 8259, 2", "{\"a\":1} // x", "TUL1105", 1),
            Case.of("two values", "RFC 8259, 2", "{}\n{}", "TUL1105", 2),
            Case.of("single quotes", "RFC 8259, 7", "{'a':1}", "TUL1105", 1),
            Case.of("a leading zero", "RFC 8259, 6", "[01]", "TUL1105", 1),
            Case.of("a bare point", "RFC 8259, 6", "[1.]", "TUL1105", 1),
            Case.of("a plus", "RFC 8259, 6", "[+1]", "TUL1105", 1),
            Case.of("a raw line break in a string", "RFC 8259, 7", "[\"a\nb\"]", "TUL1105", 1),
            Case.of("an unknown escape", "RFC 8259, 7", "[\"\\x41\"]", "TUL1105", 1),
            Case.of("a short escape", "RFC 8259, 7", "[\"\\u12\"]", "TUL1105", 1),
            Case.of("an open string", "RFC 8259, 7", "[\"a", "TUL1105", 1),
            Case.of("an open object", "RFC 8259, 4", "{\"a\":{", "TUL1105", 1),
            Case.of("a key twice", "RFC 8259, 4", "{\"a\":1,\n\"a\":2}", "TUL1110", 2),
            Case.of("deep arrays", "security list, 16", "[".repeat(100_000), "TUL1106", 1),
            Case.of("deep objects", "security list, 16", "{\"a\":".repeat(100_000), "TUL1106", 1),
            Case.of("a great many values", "security list, 16", "[" + "1,".repeat(200_000) + "1]", "TUL1107", 1),
            Case.of("a number without end", "CVE-2020-28493's kind", "[" + "9".repeat(100_000) + "]", "TUL1113", 1),
            Case.of("NaN", "RFC 8259, 6", "[NaN]", "TUL1105", 1),
            new Case(
                    "bytes that are not UTF-8", "RFC 3629", "[\"\u00ff\"]", StandardCharsets.ISO_8859_1, "TUL1102", 1));

    @TestFactory
    Stream<DynamicTest> hostileYamlIsRefusedWithItsLine() {
        return YAML.stream()
                .map(one -> DynamicTest.dynamicTest(one.name() + " (" + one.source() + ")", () -> {
                    refused(one, new Reader().yaml("f.yaml", one.bytes()));
                    assertTrue(new Reader().yaml("f.yaml", "a: 1").isClean());
                }));
    }

    @TestFactory
    Stream<DynamicTest> hostileJsonIsRefusedWithItsLine() {
        return JSON.stream()
                .map(one -> DynamicTest.dynamicTest(one.name() + " (" + one.source() + ")", () -> {
                    refused(one, new Reader().json("f.yaml", one.bytes()));
                    assertTrue(new Reader().json("f.json", "{\"a\": [1]}").isClean());
                }));
    }

    private static void refused(Case one, Reading reading) {
        assertEquals(1, reading.problems().size(), () -> reading.problems().toString());
        var problem = reading.problems().getFirst();
        assertEquals(one.code(), problem.code(), problem::explained);
        assertEquals("f.yaml:" + one.line(), problem.where().orElseThrow().toString(), problem::explained);
        assertEquals(List.of(), reading.documents());
    }

    @Test
    void aBrokenDocumentHidesNoOther() {
        var reading = new Reader().yaml("f.yaml", "a: 1\n---\nb: [\n---\nc: *x\n--- # good\nd: 4\n...\n---\n---\n");
        assertEquals(
                List.of("{\"a\":1}", "{\"d\":4}"),
                reading.documents().stream().map(Json::compact).toList());
        assertEquals(
                List.of("f.yaml:3 TUL1104", "f.yaml:5 TUL1109"),
                reading.problems().stream()
                        .map(p -> p.where().orElseThrow() + " " + p.code())
                        .toList());
    }

    @Test
    void oneTextHoldsNoMoreThanAThousandDocuments() {
        var reading = new Reader().yaml("f.yaml", "---\na: 1\n".repeat(1_001));
        assertEquals(1_000, reading.documents().size());
        assertEquals("TUL1114", reading.problems().getFirst().code());
    }

    @Test
    void everyProblemOfADocumentIsTold() {
        var reading = new Reader().yaml("f.yaml", "a: 1\na: 2\nb: !x 3\nb: .inf\n");
        assertEquals(
                List.of("TUL1110", "TUL1112", "TUL1113", "TUL1110"),
                reading.problems().stream().map(p -> p.code()).toList());
    }

    @Test
    void eachValueKnowsItsPlace() {
        var document = new Reader()
                .yaml("f.yaml", "\uFEFF# head\r\na:\r\n  - b: {c: d}\r\n")
                .documents()
                .getFirst();
        var c = ((Node.Sequence) document.at("a").orElseThrow())
                .items()
                .getFirst()
                .at("b", "c")
                .orElseThrow();
        assertEquals("f.yaml:3", c.place().toString());
        assertEquals(12, c.place().column());
    }

    @Test
    void aDocumentFullOfProblemsIsGivenUp() {
        var yaml = new Reader().yaml("f.yaml", "a: .inf\n".repeat(100_000));
        assertTrue(yaml.problems().size() < 1_010);
        assertEquals("TUL1118", yaml.problems().getFirst().code());
        var json = new Reader().json("f.json", "{" + "\"a\":1,".repeat(100_000) + "\"a\":1}");
        assertEquals("TUL1118", json.problems().getLast().code());
    }

    @Test
    void mergeKeysAreHonouredAndWhatIsWrittenWins() {
        var text = "x: &x {a: 1, b: 2}\ny: &y {c: 3}\nz:\n  <<: [*x, *y]\n  b: 9\n";
        var z = new Reader().yaml("f.yaml", text).documents().getFirst().at("z").orElseThrow();
        assertEquals("{\"a\":1,\"b\":9,\"c\":3}", Json.canonical(z));
    }
}
