package io.tulle.control.identity;

import io.tulle.model.ServiceName;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * What a workload may say of itself: which services it serves and which labels it carries. A leaf carries its claims in an
 * extension, signed as the identity is, so that a workload which only proves its account cannot become another service.
 */
public sealed interface Claims {
    /** A workload of the local user, who could as well be any of them. */
    Claims ANY = new Any();

    /** What an account may claim that nobody said more of: the service of its own name. */
    Bound OWN = new Bound(Collections.emptySortedSet(), Collections.emptySortedMap());

    /** Whether an account with these claims may serve a service of its namespace. */
    boolean mayServe(String account, String service);

    /** How a credential stands to a label that its holder announces. */
    Cover cover(String account, String key, String value);

    /** As a leaf and the store of tokens carry it; {@code ""} for {@link #OWN}. */
    String text();

    /** How a credential stands to a label. */
    enum Cover {
        /** The credential says the same. */
        COVERED,
        /** The credential says nothing of this key, so the label proves nothing. */
        UNSAID,
        /** The credential says otherwise. */
        CONTRADICTED
    }

    record Any() implements Claims {
        @Override
        public boolean mayServe(String account, String service) {
            return true;
        }

        @Override
        public Cover cover(String account, String key, String value) {
            return Cover.COVERED;
        }

        @Override
        public String text() {
            return "any";
        }
    }

    /**
     * @param services that it may serve; none means the one that the account is named after
     * @param labels that it may carry; of {@code app}, where it is not among them, the account's and the services' names
     */
    record Bound(SortedSet<String> services, SortedMap<String, String> labels) implements Claims {
        static final int MOST = 16;

        public Bound {
            services = Collections.unmodifiableSortedSet(new TreeSet<>(services));
            labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        }

        @Override
        public boolean mayServe(String account, String service) {
            return services.isEmpty() ? service.equals(account) : services.contains(service);
        }

        @Override
        public Cover cover(String account, String key, String value) {
            var said = labels.get(key);
            if (said != null) return said.equals(value) ? Cover.COVERED : Cover.CONTRADICTED;
            if (!key.equals("app")) return Cover.UNSAID;
            return value.equals(account) || mayServe(account, value) ? Cover.COVERED : Cover.CONTRADICTED;
        }

        @Override
        public String text() {
            var text = new StringBuilder();
            services.forEach(service -> text.append("service ").append(service).append('\n'));
            labels.forEach((key, value) ->
                    text.append("label ").append(key).append('=').append(value).append('\n'));
            return text.toString();
        }

        /** Whether it can stand in a leaf: names are names, labels are Kubernetes labels, and there are not too many. */
        boolean isFit() {
            return services.size() <= MOST
                    && labels.size() <= MOST
                    && services.stream().allMatch(ServiceName::isLabel)
                    && labels.entrySet().stream().allMatch(label -> isKey(label.getKey()) && isValue(label.getValue()));
        }

        private static boolean isKey(String key) {
            return !key.isEmpty() && key.length() <= 253 && key.chars().allMatch(c -> isLabelCharacter(c) || c == '/');
        }

        private static boolean isValue(String value) {
            return value.length() <= 63 && value.chars().allMatch((IntPredicate) Bound::isLabelCharacter);
        }

        private static boolean isLabelCharacter(int c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
        }
    }

    /** Empty where the text is none that {@link #text} makes: then nothing is claimed at all. */
    static Optional<Claims> parse(String text) {
        if (text.equals(ANY.text())) return Optional.of(ANY);
        var services = new TreeSet<String>();
        var labels = new TreeMap<String, String>();
        for (var line : text.lines().toList()) {
            var equals = line.indexOf('=');
            if (line.startsWith("service ")) services.add(line.substring("service ".length()));
            else if (line.startsWith("label ") && equals > 0)
                labels.put(line.substring("label ".length(), equals), line.substring(equals + 1));
            else return Optional.empty();
        }
        var bound = new Bound(services, labels);
        return bound.isFit() && bound.text().equals(text) ? Optional.of(bound) : Optional.empty();
    }
}
