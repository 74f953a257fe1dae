package io.tulle.dialects.istio.policy;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.Durations;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.HttpWords;
import io.tulle.model.policy.Balancing;
import io.tulle.model.policy.Balancing.Maglev;
import io.tulle.model.policy.Balancing.RingHash;
import io.tulle.model.policy.HashKey;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** {@code loadBalancer.consistentHash}, as Istio's validation has it. */
final class ConsistentHash {
    private static final String[] KEYS = {"httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"};

    private ConsistentHash() {}

    static Balancing.Hashed read(FieldReader hash) {
        var key = key(hash);
        var deprecated = deprecatedSize(hash);
        var set = Stream.of("ringHash", "maglev").filter(hash::has).toList();
        if (set.size() > 1) hash.oneOf("ringHash", "maglev");
        var maglev = hash.object("maglev", ConsistentHash::tableSize);
        var ring = hash.object("ringHash", each -> size(each)).orElse(OptionalInt.empty());
        if (maglev.isPresent()) return new Maglev(key, maglev.get());
        return new RingHash(key, ring.isPresent() ? ring.getAsInt() : deprecated.orElse(RingHash.USUAL_SIZE));
    }

    private static Optional<HashKey> key(FieldReader hash) {
        if (Stream.of(KEYS).filter(hash::has).count() > 1) hash.oneOf(KEYS);
        var header = text(hash, "httpHeaderName");
        header.ifPresent(name -> HttpWords.checkMatchName(hash, "httpHeaderName", name));
        var query = text(hash, "httpQueryParameterName");
        var cookie = hash.object("httpCookie", ConsistentHash::cookie);
        var source = hash.flag("useSourceIp");
        var key = header.<HashKey>map(name -> new HashKey.Header(name.toLowerCase(Locale.ROOT)))
                .or(() -> query.map(HashKey.QueryParameter::new))
                .or(() -> cookie)
                .or(() -> source ? Optional.of(new HashKey.SourceAddress()) : Optional.empty());
        if (key.isEmpty()) {
            hash.warning(
                    Codes.NO_EFFECT,
                    "",
                    "does not say what is hashed: every request goes to any endpoint",
                    "set one of " + String.join(", ", KEYS));
        }
        return key;
    }

    private static Optional<String> text(FieldReader hash, String field) {
        return hash.text(field).filter(text -> !text.isEmpty());
    }

    private static HashKey.Cookie cookie(FieldReader cookie) {
        var name = cookie.requiredText("name");
        if (!name.isEmpty() && !HttpWords.isToken(name))
            cookie.problem(Codes.BAD_HEADER, "name", "cannot be '" + HttpWords.shown(name) + "'");
        var path = cookie.text("path");
        path.filter(written -> !written.isEmpty()).ifPresent(written -> checkPart(cookie, "path", written));
        // 0s is a cookie that ends with the caller's session; the ttl is the cookie's Max-Age, in whole seconds.
        var ttl = cookie.duration("ttl", Durations.GO);
        return new HashKey.Cookie(name.isEmpty() ? "-" : name, path, ttl, attributes(cookie));
    }

    private static List<HashKey.Attribute> attributes(FieldReader cookie) {
        var names = new HashSet<String>();
        return cookie.objects("attributes", attribute -> {
            var name = attribute.requiredText("name");
            if (!name.isEmpty() && !HttpWords.isToken(name))
                attribute.problem(Codes.BAD_HEADER, "name", "cannot be '" + HttpWords.shown(name) + "'");
            if (!names.add(name)) attribute.problem(Codes.DUPLICATE_NAME, "name", "'" + name + "' is there twice");
            var value = attribute.text("value").orElse("");
            checkPart(attribute, "value", value);
            return new HashKey.Attribute(name, value);
        });
    }

    /** RFC 6265 section 4.1.1: what stands between two semicolons of a cookie. */
    private static void checkPart(FieldReader fields, String field, String part) {
        if (part.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != ';')) return;
        fields.problem(
                Codes.BAD_HEADER,
                field,
                "cannot be '" + HttpWords.shown(part) + "'",
                "write printable ASCII without a semicolon");
    }

    private static OptionalInt deprecatedSize(FieldReader hash) {
        var size = size(hash);
        if (size.isEmpty()) return size;
        hash.warning(
                Codes.DEPRECATED,
                "minimumRingSize",
                "is deprecated",
                "write ringHash: {minimumRingSize: " + size.getAsInt() + "}");
        if (hash.has("ringHash") || hash.has("maglev")) {
            hash.problem(
                    Codes.ONE_OF,
                    "minimumRingSize",
                    "stands beside " + (hash.has("maglev") ? "maglev" : "ringHash") + ", and only one of them can hold",
                    "remove minimumRingSize");
        }
        return size;
    }

    /** 0 is not set, as protobuf has it. */
    private static OptionalInt size(FieldReader fields) {
        var size = fields.integer("minimumRingSize", 0, Integer.MAX_VALUE);
        if (size.orElse(0) == 0) return OptionalInt.empty();
        if (size.getAsInt() <= RingHash.LARGEST) return size;
        fields.warning(
                Codes.RING_TOO_LARGE,
                "minimumRingSize",
                "is " + size.getAsInt() + "; a ring here has " + RingHash.LARGEST + " places",
                "write at most " + RingHash.LARGEST);
        return OptionalInt.of(RingHash.LARGEST);
    }

    private static int tableSize(FieldReader maglev) {
        if (!maglev.has("tableSize")) maglev.missing("tableSize");
        var size = maglev.integer("tableSize", 1, Maglev.LARGEST - 1);
        if (size.isEmpty()) return Maglev.USUAL_SIZE;
        if (Maglev.isPrime(size.getAsInt())) return size.getAsInt();
        maglev.problem(
                Codes.OUT_OF_RANGE,
                "tableSize",
                "is " + size.getAsInt() + ", which is no prime number",
                "write a prime number below 5,000,011, such as " + Maglev.USUAL_SIZE);
        return Maglev.USUAL_SIZE;
    }
}
