package io.tulle.proxy.nesttcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CanonicalPatternTest {

    /** Spellings that Nest 12 leads to one handler; all of them get that handler's one path and one form on the wire. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"sum\"                         | /sum              | \"sum\"",
                "\"\\u0073um\"                   | /sum              | \"sum\"",
                "\"\\\"admin\\\"\"               | /admin            | \"admin\"",
                "{\"cmd\":\"sum\"}               | /cmd=sum          | {\"cmd\":\"sum\"}",
                "{ \"cmd\" : \"sum\" }           | /cmd=sum          | {\"cmd\":\"sum\"}",
                "\"{\\\"cmd\\\":\\\"sum\\\"}\"   | /cmd=sum          | {\"cmd\":\"sum\"}",
                "\" {\\\"cmd\\\": \\\"sum\\\"}\" | /cmd=sum          | {\"cmd\":\"sum\"}",
                "{\"cm\\u0064\":\"s\\u0075m\"}   | /cmd=sum          | {\"cmd\":\"sum\"}",
                "{\"role\":\"x\",\"cmd\":\"sum\"}| /cmd=sum;role=x   | {\"cmd\":\"sum\",\"role\":\"x\"}",
                "{\"cmd\":\"sum\",\"role\":\"x\"}| /cmd=sum;role=x   | {\"cmd\":\"sum\",\"role\":\"x\"}",
                "5                               | /5                | \"5\"",
                "5.0                             | /5                | \"5\"",
                "\"5\"                           | /5                | \"5\"",
                "\" 5\"                          | /5                | \"5\"",
                "5e0                             | /5                | \"5\"",
                "-0                              | /0                | \"0\"",
                "1e21                            | /1e%2B21          | \"1e+21\"",
                "{\"id\":5}                      | /id=:5            | {\"id\":5}",
                "{\"id\":\"5\"}                  | /id=5             | {\"id\":\"5\"}",
                "{\"on\":true,\"x\":null}        | /on=:true;x=:null | {\"on\":true,\"x\":null}",
                "\"user.created\"                | /user.created     | \"user.created\"",
                "\"a/b;c=d%\"                    | /a%2Fb%3Bc%3Dd%25 | \"a/b;c=d%\"",
                "\"é\"                           | /%C3%A9           | \"é\"",
                "\"..\"                          | /%2E%2E           | \"..\"",
                "{\"a\":{\"b\":1}}               | /%7B%22a%22%3A%7B%22b%22%3A1%7D%7D | {\"a\":{\"b\":1}}",
                "[\"x\"]                         | /0=x              | {\"0\":\"x\"}",
            })
    void everySpellingOfAHandlerHasOnePathAndOneForm(String written, String path, String forwarded) {
        var pattern = CanonicalPattern.of(written);

        assertEquals(path, pattern.path());
        assertEquals(forwarded, pattern.json());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "null",
                "\"true\"",
                "\"\\\"\\\\\\\"x\\\\\\\"\\\"\"",
                "\"\\\"{\\\\\\\"b\\\\\\\":1,\\\\\\\"a\\\\\\\":2}\\\"\"",
                "\"\\\" 5\\\"\"",
                "{\"a\":\"x\\\",\\\"b\\\":\\\"y\"}",
                "{\"a\\\\\":1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":1}}}}}}}",
                "{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,\"9\":1,\"10\":1,\"11\":1,\"12\":1,\"13\":1,"
                        + "\"14\":1,\"15\":1,\"16\":1,\"17\":1,\"18\":1,\"19\":1,\"20\":1,\"21\":1}",
                "\"\\ud800\"",
            })
    void whatCouldMeanTwoHandlersOrNoneIsRefused(String written) {
        var refusal = assertThrows(MalformedMessage.class, () -> CanonicalPattern.of(written));
        assertEquals(NestTcpCode.BAD_PATTERN, refusal.code());
    }

    @Test
    void jsonTooDeepToReadIsNeverTakenForAPlainString() {
        var deep = "\"" + "[".repeat(1000) + "]".repeat(1000) + "\"";
        assertThrows(MalformedMessage.class, () -> CanonicalPattern.of(deep));
    }

    @ParameterizedTest
    @CsvSource({
        "0.1,0.1",
        "1e-7,1e-7",
        "0.000001,0.000001",
        "123456789012345680000,123456789012345680000",
        "1e21,1e+21",
        "1.5e300,1.5e+300",
        "-1.25,-1.25",
        "100,100",
        "5e-324,5e-324",
        "1e400,Infinity",
        "9007199254740993,9007199254740992"
    })
    void numbersAreWrittenAsJavaScriptWritesThem(String number, String written) {
        assertEquals(written, JsValue.written(Double.parseDouble(number)));
    }

    @Test
    void twoRoutesNeverShareAPath() {
        assertEquals("/cmd%3Dsum", CanonicalPattern.of("\"cmd=sum\"").path());
        assertEquals("/cmd=sum", CanonicalPattern.of("{\"cmd\":\"sum\"}").path());
        assertEquals("/a=%3A5", CanonicalPattern.of("{\"a\":\":5\"}").path());
        assertEquals("/%7B%7D", CanonicalPattern.of("{}").path());
        assertEquals("/%7B%22a%22", CanonicalPattern.of("\"{\\\"a\\\"\"").path());
    }
}
