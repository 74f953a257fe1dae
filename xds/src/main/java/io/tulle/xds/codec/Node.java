package io.tulle.xds.codec;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.tulle.xds.XdsCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One protobuf message under strict reading. Asking for a field marks it as read; {@link #ignore} marks fields that are
 * harmless to leave (each use says why). Whatever is set and unmarked in the end is refused by {@link Reading}.
 */
final class Node {
    private final Message message;
    private final String path;
    private final Reading reading;
    private final Set<FieldDescriptor> read = new HashSet<>();
    private final Map<String, List<Node>> opened = new HashMap<>();

    Node(Message message, String path, Reading reading) {
        this.message = message;
        this.path = path;
        this.reading = reading;
        reading.opened(this);
    }

    boolean has(String field) {
        var descriptor = field(field);
        return descriptor.isRepeated() ? message.getRepeatedFieldCount(descriptor) > 0 : message.hasField(descriptor);
    }

    String text(String field) {
        return (String) take(field);
    }

    /** A text that must be there. */
    String name(String field) {
        var text = text(field);
        if (text.isEmpty()) throw invalid(field, "is empty");
        return text;
    }

    boolean flag(String field) {
        return (Boolean) take(field);
    }

    /** An unsigned number that must fit an int. */
    int number(String field) {
        var number = (Integer) take(field);
        if (number < 0) throw invalid(field, "is too large");
        return number;
    }

    int port(String field) {
        var port = number(field);
        if (port < 1 || port > 65535) throw invalid(field, "is no port: " + port);
        return port;
    }

    String utf8(String field) {
        var bytes = (ByteString) take(field);
        if (!bytes.isValidUtf8()) throw invalid(field, "is no UTF-8");
        return bytes.toStringUtf8();
    }

    double real(String field) {
        return (Double) take(field);
    }

    /** A wrapped unsigned number; one beyond an int counts as the largest int. */
    OptionalInt wrapped(String field) {
        var child = child(field);
        if (child.isEmpty()) return OptionalInt.empty();
        var value = (Integer) child.get().take("value");
        return OptionalInt.of(value < 0 ? Integer.MAX_VALUE : value);
    }

    /** A wrapped number of 64 bits; one beyond the largest long counts as that. */
    OptionalLong wrappedLong(String field) {
        var child = child(field);
        if (child.isEmpty()) return OptionalLong.empty();
        var value = (Long) child.get().take("value");
        return OptionalLong.of(value < 0 ? Long.MAX_VALUE : value);
    }

    Optional<Boolean> wrappedFlag(String field) {
        return child(field).map(child -> child.flag("value"));
    }

    /** Not negative, as all durations of xDS that are read here. */
    Optional<Duration> duration(String field) {
        return child(field).map(child -> {
            var value = Duration.ofSeconds((Long) child.take("seconds"), (Integer) child.take("nanos"));
            if (value.isNegative()) throw invalid(field, "is negative");
            return value;
        });
    }

    /** The name of an enum's value; a number unknown here is refused. */
    String choice(String field) {
        var value = (EnumValueDescriptor) take(field);
        if (value.getIndex() < 0) throw invalid(field, "has a value unknown here: " + value.getNumber());
        return value.getName();
    }

    /** The message in a field; the same node each time, so that what was read of it stays read. */
    Optional<Node> child(String field) {
        if (!has(field)) return Optional.empty();
        var message = (Message) take(field);
        return Optional.of(opened.computeIfAbsent(field, _ -> List.of(open(message, field)))
                .getFirst());
    }

    Node need(String field) {
        return child(field).orElseThrow(() -> invalid(field, "is missing"));
    }

    List<Node> children(String field) {
        var messages = (List<?>) take(field);
        return opened.computeIfAbsent(
                field,
                _ -> IntStream.range(0, messages.size())
                        .mapToObj(i -> open((Message) messages.get(i), field + "[" + i + "]"))
                        .toList());
    }

    List<String> texts(String field) {
        return ((List<?>) take(field)).stream().map(String.class::cast).toList();
    }

    List<Integer> numbers(String field) {
        return ((List<?>) take(field)).stream().map(Integer.class::cast).toList();
    }

    /** Which field of a oneof is set, without reading it; empty when none is. */
    String which(String oneof) {
        for (var candidate : message.getDescriptorForType().getRealOneofs()) {
            if (candidate.getName().equals(oneof)) {
                var set = message.getOneofFieldDescriptor(candidate);
                return set == null ? "" : set.getName();
            }
        }
        throw new IllegalStateException(
                "no oneof " + oneof + " in " + message.getDescriptorForType().getFullName());
    }

    /** Opens the {@code Any} in a field, which must hold a message of the prototype's type. */
    Node any(String field, Message prototype) {
        return unpack((Any) take(field), field, prototype);
    }

    /** The type of the {@code Any} in a field, without reading it. */
    String typeIn(String field) {
        return ((Any) message.getField(field(field))).getTypeUrl();
    }

    List<Node> anys(String field, Message prototype) {
        return ((List<?>) take(field))
                .stream().map(any -> unpack((Any) any, field, prototype)).toList();
    }

    /** The {@code Any} under one key of a map; other entries are not looked at. */
    Optional<Any> anyOfMap(String field, String key) {
        var entries = (List<?>) take(field);
        Optional<Any> found = Optional.empty();
        for (var entry : entries) {
            var each = (Message) entry;
            var fields = each.getDescriptorForType();
            if (key.equals(each.getField(fields.findFieldByName("key"))))
                found = Optional.of((Any) each.getField(fields.findFieldByName("value")));
        }
        return found;
    }

    /**
     * The message under one key of a map.
     *
     * @param known keys that somebody reads; every other one is refused
     */
    Optional<Node> anyOfMap(String field, String key, Set<String> known, Message prototype) {
        return anyOfMap(field, key, known).map(any -> unpack(any, field, prototype));
    }

    /** The same, not opened yet. */
    Optional<Any> anyOfMap(String field, String key, Set<String> known) {
        Optional<Any> found = Optional.empty();
        for (var entry : (List<?>) take(field)) {
            var each = (Message) entry;
            var name = (String) each.getField(each.getDescriptorForType().findFieldByName("key"));
            if (!known.contains(name))
                throw new Refused(XdsCode.UNKNOWN_EXTENSION, path + field + " is for " + name + ", unknown here");
            if (name.equals(key))
                found = Optional.of(
                        (Any) each.getField(each.getDescriptorForType().findFieldByName("value")));
        }
        return found;
    }

    Node unpack(Any any, String field, Message prototype) {
        var want = "/" + prototype.getDescriptorForType().getFullName();
        if (!any.getTypeUrl().endsWith(want)) {
            throw new Refused(
                    XdsCode.UNKNOWN_EXTENSION, path + field + " is of type " + any.getTypeUrl() + ", unknown here");
        }
        return open(any.getValue(), field, prototype);
    }

    /** Opens the message that a field of bytes holds. */
    Node parsed(String field, Message prototype) {
        return open((ByteString) take(field), field, prototype);
    }

    private Node open(ByteString bytes, String field, Message prototype) {
        try {
            return open((Message) prototype.getParserForType().parseFrom(bytes), field);
        } catch (InvalidProtocolBufferException e) {
            throw new Refused(XdsCode.MALFORMED, path + field + " cannot be read: " + e.getMessage());
        }
    }

    /** Marks fields as read that change nothing here; the caller says why. */
    void ignore(String... fields) {
        for (var field : fields) read.add(field(field));
    }

    /** The path to this message, for reasons. */
    String where() {
        return path.isEmpty() ? "the resource" : path.substring(0, path.length() - 1);
    }

    Refused invalid(String field, String what) {
        return new Refused(XdsCode.INVALID, path + field + " " + what);
    }

    Refused unsupported(String field) {
        return new Refused(XdsCode.UNSUPPORTED, "set, but not supported here: " + path + field);
    }

    Stream<String> unread() {
        var unread = message.getAllFields().keySet().stream()
                .filter(field -> !read.contains(field))
                .map(field -> path + field.getName());
        var unknown = message.getUnknownFields().asMap().keySet().stream().map(number -> path + "#" + number);
        return Stream.concat(unread, unknown);
    }

    private Object take(String field) {
        var descriptor = field(field);
        read.add(descriptor);
        return message.getField(descriptor);
    }

    private Node open(Message child, String field) {
        return new Node(child, path + field + ".", reading);
    }

    private FieldDescriptor field(String name) {
        var field = message.getDescriptorForType().findFieldByName(name);
        if (field == null) {
            throw new IllegalStateException(
                    "no field " + name + " in " + message.getDescriptorForType().getFullName());
        }
        return field;
    }
}
