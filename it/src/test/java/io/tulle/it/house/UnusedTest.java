package io.tulle.it.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What nothing uses is deleted: classes, methods and fields of the rooms that no shipped code names. A test's use does not
 * count, or finished work that nobody can reach would look alive for ever.
 */
class UnusedTest {
    /** Started from outside, or called by a library through its name. */
    private static final Set<String> CALLED_FROM_OUTSIDE =
            Set.of("io/tulle/cli/Tulle", "io/tulle/agent/log/LogProvider"); // SLF4J finds it by META-INF/services

    private static final Set<String> OF_OBJECT = Set.of("toString", "equals", "hashCode");

    @Test
    void noClassIsUnused() throws IOException {
        var classes = Compiled.of(Compiled.ROOMS);
        var named = new HashSet<String>();
        for (var each : all()) {
            each.names().stream()
                    .filter(name -> !source(name).equals(each.source()))
                    .map(UnusedTest::source)
                    .forEach(named::add);
        }
        var unused = classes.stream()
                .map(Compiled::source)
                .filter(source -> !named.contains(source))
                .filter(source -> !CALLED_FROM_OUTSIDE.contains(source))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unused, "no shipped code names these: delete them, or wire them");
    }

    @Test
    void noMemberIsUnused() throws IOException {
        var used = new HashSet<String>();
        all().forEach(each -> used.addAll(each.uses(false)));
        var unused = new TreeSet<String>();
        for (var each : Compiled.of(Compiled.ROOMS)) {
            if (CALLED_FROM_OUTSIDE.contains(each.name())) continue;
            var inherited = inherited(each);
            var components = components(each);
            for (var method : each.model().methods()) {
                var what =
                        method.methodName().stringValue() + method.methodType().stringValue();
                if (isOwn(method) && !used.contains(what) && !inherited.contains(what) && !components.contains(what))
                    unused.add(each.name() + "." + method.methodName().stringValue());
            }
            for (var field : each.model().fields()) {
                var what = field.fieldName().stringValue() + field.fieldType().stringValue();
                if (isOwn(field, each) && !used.contains(what))
                    unused.add(each.name() + "." + field.fieldName().stringValue());
            }
        }
        assertEquals(
                known(), unused, "what is new here no shipped code uses: delete it, wire it, or move it to the tests");
    }

    /** Those that stand since before this test. */
    private static Set<String> known() throws IOException {
        try (var list = UnusedTest.class.getResourceAsStream("/house/unused.txt")) {
            return new String(Objects.requireNonNull(list).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<Compiled> all() throws IOException {
        return Compiled.of(
                Stream.concat(Compiled.ROOMS.stream(), Stream.of("bench")).toList());
    }

    private static boolean isOwn(MethodModel method) {
        var name = method.methodName().stringValue();
        return !name.startsWith("<")
                && !OF_OBJECT.contains(name)
                && !method.flags().has(AccessFlag.SYNTHETIC)
                && !method.flags().has(AccessFlag.BRIDGE)
                && method.findAttribute(Attributes.runtimeVisibleAnnotations()).isEmpty();
    }

    private static boolean isOwn(FieldModel field, Compiled in) {
        var isComponent = in.model().findAttribute(Attributes.record()).isPresent()
                && !field.flags().has(AccessFlag.STATIC);
        return !isComponent
                && !field.flags().has(AccessFlag.SYNTHETIC)
                && !field.flags().has(AccessFlag.ENUM)
                && field.findAttribute(Attributes.constantValue()).isEmpty()
                && field.findAttribute(Attributes.runtimeVisibleAnnotations()).isEmpty();
    }

    /** Accessors of a record are its components, which belong to its equality and its printed form. */
    private static Set<String> components(Compiled of) {
        var all = new HashSet<String>();
        of.model()
                .findAttribute(Attributes.record())
                .ifPresent(record -> record.components()
                        .forEach(c -> all.add(
                                c.name().stringValue() + "()" + c.descriptor().stringValue())));
        if (of.model().flags().has(AccessFlag.ENUM)) all.addAll(List.of("values", "valueOf"));
        return all;
    }

    /** Methods of its supertypes, ours or a library's, which their callers call by those names. */
    private static Set<String> inherited(Compiled of) {
        var all = new HashSet<String>();
        var next = new ArrayList<Class<?>>();
        supertypes(load(of.name()), next);
        for (var type : next) {
            for (var method : type.getDeclaredMethods()) {
                all.add(method.getName()
                        + java.lang.invoke.MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                .toMethodDescriptorString());
                // A generic or covariant method is called through its bridge.
                all.add(method.getName() + "#" + method.getParameterCount());
            }
        }
        var own = of.model().methods().stream()
                .filter(m -> all.contains(m.methodName().stringValue() + "#"
                        + m.methodTypeSymbol().parameterCount()))
                .map(m -> m.methodName().stringValue() + m.methodType().stringValue())
                .toList();
        all.addAll(own);
        if (of.model().flags().has(AccessFlag.ENUM)) {
            of.model().methods().stream()
                    .filter(m ->
                            Set.of("values", "valueOf").contains(m.methodName().stringValue()))
                    .forEach(m -> all.add(
                            m.methodName().stringValue() + m.methodType().stringValue()));
        }
        return all;
    }

    private static void supertypes(Class<?> type, List<Class<?>> into) {
        Stream.concat(Stream.ofNullable(type.getSuperclass()), Arrays.stream(type.getInterfaces()))
                .filter(each -> each != Object.class)
                .forEach(each -> {
                    into.add(each);
                    supertypes(each, into);
                });
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name.replace('/', '.'), false, UnusedTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new LinkageError(name, e);
        }
    }

    private static String source(String name) {
        var inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }
}
