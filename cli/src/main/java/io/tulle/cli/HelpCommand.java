package io.tulle.cli;

import io.tulle.cli.code.CliCode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains a verb or a code. */
@Command(
        name = "help",
        description = "Explain a verb (tulle help run) or a code (tulle help TUL1204).",
        footer = {"", "Example: tulle help TUL1003"},
        mixinStandardHelpOptions = true)
final class HelpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "WORD", description = "a verb or a code")
    private String word = "";

    @Override
    public Integer call() {
        var root = spec.commandLine().getParent();
        var out = spec.commandLine().getOut();
        if (word.isEmpty()) {
            root.usage(out);
            return Exit.DONE;
        }
        var verb = root.getSubcommands().get(word);
        if (verb != null) {
            verb.usage(out);
            return Exit.DONE;
        }
        var explained = Codes.find(word.toUpperCase(Locale.ROOT));
        if (explained.isEmpty()) {
            throw new Failures.Failure(
                    Exit.USAGE,
                    List.of(CliCode.NEITHER_VERB_NOR_CODE.problem(
                            "'" + word + "' is neither a verb nor a code", "tulle --help lists the verbs")));
        }
        var e = explained.get();
        out.println(e.code() + "  " + e.title() + "\n\n  cause  " + e.cause() + "\n  fix    " + e.fix());
        return Exit.DONE;
    }
}
