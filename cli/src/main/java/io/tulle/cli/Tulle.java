package io.tulle.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The command {@code tulle}: one class per verb. Exit codes: 0 done, 1 findings, 2 usage, 3 unreachable. */
@Command(
        name = "tulle",
        description = "A service mesh for any process on any machine.",
        synopsisSubcommandLabel = "VERB",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        sortOptions = false,
        footer = {"", "Every verb explains itself: tulle run --help. Every code too: tulle help TUL1204."},
        subcommands = {
            ControlCommand.class,
            RunCommand.class,
            UpCommand.class,
            DemoCommand.class,
            DownCommand.class,
            StopCommand.class,
            LogsCommand.class,
            PsCommand.class,
            ForgetCommand.class,
            CertCommand.class,
            ApplyCommand.class,
            GetCommand.class,
            DiffCommand.class,
            DeleteCommand.class,
            CheckCommand.class,
            GatewayCommand.class,
            ProxyCommand.class,
            TokenCommand.class,
            KubeconfigCommand.class,
            ReportEndCommand.class,
            VersionCommand.class,
            HelpCommand.class
        })
public final class Tulle implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Tulle() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return configured(new CommandLine(new Tulle()));
    }

    /** What a verb has printed is out when it ends, however it ends: a writer flushes itself at the end of a line only. */
    private static int executed(ParseResult parsed) {
        try {
            return new RunLast().execute(parsed);
        } finally {
            for (var line : parsed.asCommandLineList()) {
                line.getOut().flush();
                line.getErr().flush();
            }
        }
    }

    /** How every command line of Tulle reads words and reports what goes wrong. */
    static CommandLine configured(CommandLine line) {
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setExecutionStrategy(Tulle::executed)
                .setParameterExceptionHandler(Failures::usage)
                .setExecutionExceptionHandler(Failures::execution);
    }
}
