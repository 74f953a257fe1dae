package io.tulle.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.match.PathMatch;
import io.tulle.model.policy.PathRewrite;
import io.tulle.xds.spec.ActionSpec;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationTest {
    /** What is asked, what the redirect writes (scheme, authority, port; 0 is none), where it leads. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.example      |       |                | 0    | http://a.example/x?q=1
            a.example:8080 |       |                | 0    | http://a.example:8080/x?q=1
            a.example:80   |       |                | 0    | http://a.example/x?q=1
            a.example:8080 | https |                | 0    | https://a.example/x?q=1
            a.example      | HTTPS |                | 0    | https://a.example/x?q=1
            a.example      | https |                | 443  | https://a.example/x?q=1
            a.example      | https |                | 8443 | https://a.example:8443/x?q=1
            a.example:8080 |       | b.example      | 0    | http://b.example/x?q=1
            a.example:8080 |       | b.example:9090 | 0    | http://b.example:9090/x?q=1
            a.example:8080 |       | b.example      | 9090 | http://b.example:9090/x?q=1
            a.example:8080 |       |                | 80   | http://a.example/x?q=1
            [::1]:8080     | https |                | 0    | https://[::1]/x?q=1
            """)
    void leadsWhereItIsWritten(
            String asked, @Nullable String scheme, @Nullable String authority, int port, String expected) {
        var redirect = new ActionSpec.Redirect(
                302,
                Optional.ofNullable(scheme),
                Optional.ofNullable(authority),
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                Optional.empty());
        var location = Location.compile(redirect, Optional.empty());
        assertEquals(expected, location.of(Asked.get("/x?q=1").at(asked)));
    }

    @Test
    void rewritesThePathAndKeepsTheQuery() {
        var redirect = new ActionSpec.Redirect(
                301,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(new PathRewrite.Prefix("/new")));
        var location = Location.compile(redirect, Optional.of(new PathMatch.Prefix("/old")));
        assertEquals("http://a/new/1?q", location.of(Asked.get("/old/1?q").at("a")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /new?y=2   | /x?a=1 | http://a/new?y=2
            /new?y=2   | /x     | http://a/new?y=2
            /new       | /x?a=1 | http://a/new?a=1
            /new#there | /x?a=1 | http://a/new?a=1#there
            /new#a?b   | /x?a=1 | http://a/new?a=1#a?b
            """)
    void aQueryThatIsWrittenTakesThePlaceOfTheRequests(String written, String asked, String expected) {
        var path = Optional.<PathRewrite>of(new PathRewrite.Full(written));
        var redirect = new ActionSpec.Redirect(301, Optional.empty(), Optional.empty(), OptionalInt.empty(), path);
        assertEquals(
                expected,
                Location.compile(redirect, Optional.empty()).of(Asked.get(asked).at("a")));
    }

    @Test
    void aRequestWithoutAPathIsSentToTheRoot() {
        var redirect = new ActionSpec.Redirect(
                301, Optional.of("https"), Optional.empty(), OptionalInt.empty(), Optional.empty());
        assertEquals(
                "https://a/",
                Location.compile(redirect, Optional.empty())
                        .of(Asked.of("OPTIONS", "*").at("a")));
    }
}
