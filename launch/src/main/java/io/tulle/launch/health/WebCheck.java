package io.tulle.launch.health;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the command-line clients wget and cURL are nearly always written for in a healthcheck: one GET of the container's own port.
 *
 * @param anyAnswer whether every answer is well, as cURL takes it without {@code -f}; else 2xx
 */
record WebCheck(URI url, boolean anyAnswer) {
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]", "0.0.0.0");

    /** Options that change what is printed, or how long it is waited; the times of the check itself hold. */
    private static final Set<String> WGET = Set.of(
            "-q", "-S", "-nv", "--quiet", "--no-verbose", "--spider", "--server-response", "--no-check-certificate");

    private static final Set<String> WGET_WITH_VALUE =
            Set.of("-O", "-T", "-t", "--output-document", "--timeout", "--tries");
    private static final Set<String> CURL = Set.of(
            "-f",
            "-s",
            "-S",
            "-L",
            "-I",
            "-i",
            "-v",
            "-k",
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--head",
            "--include",
            "--insecure");
    private static final Set<String> CURL_WITH_VALUE =
            Set.of("-o", "-m", "--output", "--max-time", "--connect-timeout", "--retry");

    /** The GET that a command asks for; empty where it may do anything else. */
    static Optional<WebCheck> of(List<String> words) {
        var isShell = words.size() == 3
                && words.get(0).equals("/bin/sh")
                && words.get(1).equals("-c");
        return isShell ? plain(words.get(2)).flatMap(WebCheck::ofPlain) : ofPlain(words);
    }

    /** A line of plain words, without what only silences it or says once more that it failed. */
    private static Optional<List<String>> plain(String line) {
        var bare = line.strip()
                .replaceFirst("\\|\\|\\s*(exit\\s+\\d+|false)\\s*;?$", "")
                .replaceAll("\\s(\\d|&)?>\\s*(/dev/null|&\\d)", " ")
                .strip();
        var words = new ArrayList<String>();
        for (var word : bare.split("\\s+")) {
            var quoted = word.length() > 1
                    && (word.charAt(0) == '\'' || word.charAt(0) == '"')
                    && word.charAt(0) == word.charAt(word.length() - 1);
            words.add(quoted ? word.substring(1, word.length() - 1) : word);
        }
        var isPlain = words.stream().noneMatch(word -> word.matches(".*[\\s'\"`$;&|<>()*?\\\\].*"));
        return isPlain ? Optional.of(words) : Optional.empty();
    }

    private static Optional<WebCheck> ofPlain(List<String> words) {
        if (words.isEmpty()) return Optional.empty();
        var rest = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "wget" -> url(rest, WGET, WGET_WITH_VALUE).map(url -> new WebCheck(url, false));
            case "curl" -> {
                var fails =
                        rest.stream().anyMatch(word -> word.equals("--fail") || word.matches("-[a-zA-Z]*f[a-zA-Z]*"));
                yield url(rest, CURL, CURL_WITH_VALUE).map(url -> new WebCheck(url, !fails));
            }
            default -> Optional.empty();
        };
    }

    private static Optional<URI> url(List<String> words, Set<String> alone, Set<String> withValue) {
        var found = Optional.<URI>empty();
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (withValue.contains(word)) {
                i++;
            } else if (word.startsWith("-")) {
                if (!isKnown(word, alone, withValue)) return Optional.empty();
            } else {
                if (found.isPresent()) return Optional.empty();
                found = own(word);
                if (found.isEmpty()) return Optional.empty();
            }
        }
        return found;
    }

    /** {@code --tries=1}, {@code -T5}, {@code -qO-} and {@code -sSf} too. */
    private static boolean isKnown(String word, Set<String> alone, Set<String> withValue) {
        if (alone.contains(word)) return true;
        if (word.startsWith("--")) return withValue.contains(word.replaceFirst("=.*", ""));
        for (int i = 1; i < word.length(); i++) {
            var letter = "-" + word.charAt(i);
            if (withValue.contains(letter)) return i + 1 < word.length(); // the rest is its value
            if (!alone.contains(letter)) return false;
        }
        return true;
    }

    private static Optional<URI> own(String word) {
        try {
            var url = URI.create(word.contains("://") ? word : "http://" + word);
            var isOwn = "http".equals(url.getScheme()) && url.getHost() != null && HERE.contains(url.getHost());
            return isOwn ? Optional.of(url) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
