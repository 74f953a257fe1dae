package io.tulle.cli;

import io.tulle.model.Explanation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every code that Tulle prints, from all rooms. */
final class Codes {
    private static final List<Explanation> OWN = List.of(
            new Explanation(
                    "TUL1001",
                    "Maven is missing",
                    "Tulle runs from a checkout and has not been built yet.",
                    "Install Maven 3.8.7 or newer."),
            new Explanation(
                    "TUL1002",
                    "The build failed",
                    "Maven could not build Tulle from the sources of this checkout.",
                    "Read dist/target/build.log; its first ERROR line names the cause."),
            new Explanation(
                    "TUL1003",
                    "No Java 25",
                    "Tulle needs Java 25 or newer and found none.",
                    "Install a JDK 25 (Temurin, for example) or set JAVA_HOME to it."),
            new Explanation(
                    "TUL1010",
                    "The command cannot be read",
                    "A verb, an option or a value is unknown or missing.",
                    "tulle VERB --help shows what the verb takes, with an example."),
            new Explanation(
                    "TUL1011",
                    "Neither a verb nor a code",
                    "help takes the name of a verb or a code such as TUL1204.",
                    "tulle --help lists the verbs."),
            new Explanation(
                    "TUL1099",
                    "A fault in Tulle",
                    "Something happened that Tulle's authors did not foresee.",
                    "Run again with TULLE_DEBUG=1 and report what it prints."));

    private Codes() {}

    static Stream<Explanation> all() {
        return OWN.stream();
    }

    static Optional<Explanation> find(String code) {
        return all().filter(e -> e.code().equals(code)).findFirst();
    }
}
