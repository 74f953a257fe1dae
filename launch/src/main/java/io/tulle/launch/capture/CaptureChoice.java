package io.tulle.launch.capture;

import io.tulle.model.Problem;
import java.util.List;
import java.util.Optional;

/** Which capture a command gets, and the sentence that says why; or why it cannot have the one asked for. */
public sealed interface CaptureChoice {
    /** @param why one sentence, printed when the process starts */
    record Chosen(Capture capture, String why) implements CaptureChoice {}

    record Refused(Problem problem) implements CaptureChoice {}

    /** Chooses. Pure: the same command and facts give the same choice. */
    static CaptureChoice choose(Capture.Requested requested, List<String> command, Facts facts) {
        if (command.isEmpty()) return new Refused(CaptureCode.NO_COMMAND.problem("there is no command to start"));
        var node = NodeCommand.nodeIn(command, facts.interpreter());
        var program = NodeCommand.unwrapped(command).stream().findFirst().orElse(command.getFirst());
        return switch (requested) {
            case AUTO -> automatic(program, node, facts);
            case HOOK -> new Chosen(Capture.HOOK, hookAsAsked(program, node));
            case ENV ->
                new Chosen(
                        Capture.ENV,
                        "capture env, as asked: addresses in its environment lead to the mesh; its own port stays open on"
                                + " loopback");
            case NETNS -> namespaceAsAsked(facts);
        };
    }

    private static CaptureChoice automatic(String program, Optional<String> node, Facts facts) {
        if (node.isPresent()) {
            return new Chosen(Capture.HOOK, "capture hook: " + node.get() + " is Node, which loads Tulle's hook first");
        }
        var obstacle = obstacle(facts);
        if (obstacle.isEmpty()) {
            return new Chosen(
                    Capture.NETNS, "capture netns: " + program + " is not Node, and namespaces are permitted");
        }
        return new Chosen(
                Capture.ENV,
                "capture env: " + program + " is not Node, and netns " + obstacle.get()
                        + "; addresses in its environment lead to the mesh, its own port stays open on loopback");
    }

    private static String hookAsAsked(String program, Optional<String> node) {
        return node.isPresent()
                ? "capture hook, as asked"
                : "capture hook, as asked: " + program
                        + " does not look like Node; only Node processes that it starts are caught";
    }

    private static CaptureChoice namespaceAsAsked(Facts facts) {
        var obstacle = obstacle(facts);
        if (obstacle.isEmpty()) return new Chosen(Capture.NETNS, "capture netns, as asked");
        return new Refused(CaptureCode.NO_NETNS.problem("--capture netns " + obstacle.get()));
    }

    /** Why there can be no namespace here, as the end of a sentence. */
    private static Optional<String> obstacle(Facts facts) {
        if (!facts.linux()) return Optional.of("needs Linux");
        if (!facts.permitted()) return Optional.of("needs root (with CAP_SYS_ADMIN and CAP_NET_ADMIN)");
        if (facts.missing().isEmpty()) return Optional.empty();
        return Optional.of("needs what is not installed: " + String.join(", ", facts.missing()));
    }
}
