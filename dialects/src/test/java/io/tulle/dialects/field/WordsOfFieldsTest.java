package io.tulle.dialects.field;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsOfFieldsTest {
    @ParameterizedTest
    @CsvSource({"1.5s,PT1.5S", "250ms,PT0.25S", "1m30s,PT1M30S", "1h,PT1H", "0,PT0S", "0s,PT0S", "5us,PT0.000005S"})
    void goDurationsRead(String written, String meant) {
        assertEquals(Optional.of(Duration.parse(meant)), Durations.GO.parse(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-1s", "+1s", "1", "1 s", "1S", "s", "1.s", ".5s", "1d", "99999999h", "1s1", "１s"})
    void whatIsNoGoDurationDoesNot(String written) {
        assertEquals(Optional.empty(), Durations.GO.parse(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5s", "100000s", "1us", "0", "1s1s1s1s1s", "-1s"})
    void gatewayDurationsAreStricter(String written) {
        assertEquals(Optional.empty(), Durations.GATEWAY.parse(written));
    }

    @Test
    void gatewayDurationsRead() {
        assertEquals(Optional.of(Duration.ofMillis(90_010)), Durations.GATEWAY.parse("1m30s10ms"));
        assertEquals(Optional.of(Duration.ZERO), Durations.GATEWAY.parse("0s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "(a{100}b{100}){100}",
                "(((((a{9}){9}){9}){9}){9}){9}",
                "(a",
                "a**",
                "(?=a)b",
                "(a)\\1",
                "[",
                "a{1001}"
            })
    void expressionsThatAreBadOrTooLargeAreRefused(String expression) {
        assertEquals(true, Regexes.complaint(expression).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".*",
                "/v[0-9]+/.*",
                "[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}",
                "(a|b)*c?",
                "\\{x\\}",
                "[]a]",
                "[^]a{5}]",
                "x{2,5}",
                "x{,5}"
            })
    void expressionsOfEveryDayAreFine(String expression) {
        assertEquals(Optional.empty(), Regexes.complaint(expression));
    }

    @ParameterizedTest
    @CsvSource({"rote,route", "Timeout,timeout", "retires,retries", "mach,match"})
    void theNearestWordIsSuggested(String written, String meant) {
        assertEquals(Optional.of(meant), Suggestion.of(written, List.of("route", "timeout", "retries", "match")));
    }

    @Test
    void nothingIsSuggestedForWhatIsFarFromAll() {
        assertEquals(Optional.empty(), Suggestion.of("banana", List.of("route", "timeout")));
        assertEquals(Optional.empty(), Suggestion.of("x".repeat(1_000_000), List.of("route")));
    }
}
