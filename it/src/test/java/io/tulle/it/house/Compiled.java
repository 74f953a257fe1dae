package io.tulle.it.house;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One class of a room as javac left it.
 *
 * @param room the Maven module
 * @param name binary, {@code io/tulle/proxy/plan/Plan}
 */
record Compiled(String room, String name, ClassModel model) {
    /** Rooms whose code ships. What only {@code bench} uses counts as used; its own code is not judged. */
    static final List<String> ROOMS =
            List.of("model", "dialects", "xds", "compile", "control", "proxy", "launch", "agent", "labs", "cli");

    private static final Pattern NAMED = Pattern.compile("L(io/tulle/[\\w/$]+);");

    /** Every class of the given rooms; messages that a tool generated are left out. */
    static List<Compiled> of(List<String> rooms) throws IOException {
        var root = Path.of(System.getProperty("tulle.root"));
        var all = new ArrayList<Compiled>();
        for (var room : rooms) {
            var classes = root.resolve(room).resolve("target/classes");
            try (var walk = Files.walk(classes)) {
                for (var file : walk.filter(f -> f.toString().endsWith(".class") && !f.endsWith("package-info.class"))
                        .toList()) {
                    var model = ClassFile.of().parse(file);
                    var name = model.thisClass().asInternalName();
                    if (!name.startsWith("io/tulle/xds/wire/") || name.matches("io/tulle/xds/wire/\\w+")) {
                        all.add(new Compiled(room, name, model));
                    }
                }
            }
        }
        assertFalse(all.isEmpty(), "no room is compiled");
        return all;
    }

    /** {@code io/tulle/proxy/plan}. */
    String packageName() {
        return name.substring(0, name.lastIndexOf('/'));
    }

    /** The outermost class, which is the source file. */
    String source() {
        var inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }

    /** Binary names of all classes of ours that it names, in code, signatures or annotations. */
    Set<String> names() {
        var all = new HashSet<String>();
        for (var entry : model.constantPool()) {
            if (entry instanceof ClassEntry named)
                all.add(named.asInternalName().replaceAll("^\\[+L|;$", ""));
            if (entry instanceof Utf8Entry text) {
                var found = NAMED.matcher(text.stringValue());
                while (found.find()) all.add(found.group(1));
            }
        }
        all.removeIf(each -> !each.startsWith("io/tulle/"));
        return all;
    }

    /** What it calls and reads, as {@code name} and descriptor; {@code owner} before them where it is asked for. */
    Set<String> uses(boolean withOwner) {
        var all = new HashSet<String>();
        for (var entry : model.constantPool()) {
            if (!(entry instanceof MemberRefEntry member)) continue;
            var what = member.name().stringValue() + member.type().stringValue();
            all.add(withOwner ? member.owner().asInternalName() + "." + what : what);
        }
        return all;
    }
}
