package io.tulle.it.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.constantpool.StringEntry;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A code has one text: that of the enum of its room, of which the reference and {@code tulle help} are made. */
class CodesTest {
    private static final Pattern CODE = Pattern.compile("TUL\\d{4}");

    @Test
    void onlyAnEnumOfCodesWritesACode() throws IOException {
        var rooms = new ArrayList<>(Compiled.ROOMS);
        rooms.remove("labs"); // clients from outside, which read what is printed
        var enums = new TreeSet<String>();
        var found = new TreeMap<String, TreeSet<String>>();
        for (var each : Compiled.of(rooms)) {
            if (isOfCodes(each)) {
                enums.add(each.source());
                continue;
            }
            for (var entry : each.model().constantPool()) {
                if (!(entry instanceof StringEntry text)) continue;
                var code = CODE.matcher(text.stringValue());
                while (code.find())
                    found.computeIfAbsent(each.source(), _ -> new TreeSet<>()).add(code.group());
            }
        }
        assertTrue(enums.size() > 15, () -> "too few enums of codes were seen: " + enums);
        assertEquals(
                new TreeMap<>(),
                found,
                "make a constant of the room's enum of it, which implements ErrorCode, and use that");
    }

    private static boolean isOfCodes(Compiled each) {
        return each.model().interfaces().stream()
                .anyMatch(one -> one.asInternalName().equals("io/tulle/model/ErrorCode"));
    }
}
