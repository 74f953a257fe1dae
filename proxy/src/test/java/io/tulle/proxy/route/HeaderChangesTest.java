package io.tulle.proxy.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tulle.model.policy.HeaderEdits;
import io.tulle.model.policy.HeaderEdits.Header;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderChangesTest {
    @Test
    void removesThenSetsThenAddsAndTheLaterEditHasTheLastWord() {
        var route = new HeaderEdits(List.of(new Header("A", "1")), List.of(new Header("B", "2")), List.of("C"));
        var target = new HeaderEdits(List.of(new Header("a", "3")), List.of(), List.of("b"));
        assertEquals(
                List.of("remove c", "set a 1", "add b 2", "remove b", "set a 3"),
                made(HeaderChanges.compile(List.of(route, target))));
    }

    @Test
    void editsThatChangeNothingAreNone() {
        assertSame(HeaderChanges.NONE, HeaderChanges.compile(List.of(HeaderEdits.NONE, HeaderEdits.NONE)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "Connection",
                "keep-alive",
                "Upgrade",
                "TE",
                "Trailer",
                "host",
                ":path",
                ":status",
                ""
            })
    void whatFramesOrAddressesAMessageCannotBeEdited(String name) {
        var edits = new HeaderEdits(List.of(), List.of(new Header(name, "x")), List.of());
        assertThrows(IllegalArgumentException.class, () -> HeaderChanges.compile(List.of(edits)));
    }

    static List<String> made(HeaderChanges changes) {
        var log = new ArrayList<String>();
        changes.applyTo(new HeaderChanges.Editable() {
            @Override
            public void remove(String name) {
                log.add("remove " + name);
            }

            @Override
            public void set(String name, String value) {
                log.add("set " + name + " " + value);
            }

            @Override
            public void add(String name, String value) {
                log.add("add " + name + " " + value);
            }
        });
        return log;
    }
}
