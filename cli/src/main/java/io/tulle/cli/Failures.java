package io.tulle.cli;

import io.tulle.cli.api.ApiRefusal;
import io.tulle.cli.code.CliCode;
import io.tulle.dialects.field.Suggestion;
import io.tulle.model.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into a code, a cause and a fix on standard error, and an exit code. */
final class Failures {
    private Failures() {}

    static int usage(ParameterException e, String[] arguments) {
        var command = e.getCommandLine();
        var err = command.getErr();
        Said.to(err, CliCode.COMMAND_UNREADABLE.code() + " " + e.getMessage());
        var meant = meant(e).map(word -> "did you mean " + word + "? ").orElse("");
        err.println("  fix: " + meant + command.getCommandSpec().qualifiedName() + " --help shows what it takes");
        return Exit.USAGE;
    }

    /** The verb or option that is nearly what was written, if there is one: a far one could do what nobody wants. */
    private static Optional<String> meant(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) return Optional.empty();
        var spec = e.getCommandLine().getCommandSpec();
        var written = unmatched.getUnmatched().getFirst();
        var known = written.startsWith("-")
                ? spec.optionsMap().keySet()
                : spec.subcommands().keySet();
        return Suggestion.of(written, known);
    }

    static int execution(Exception e, CommandLine command, ParseResult parsed) {
        return switch (e) {
            case Failure failure -> {
                failure.problems().forEach(problem -> Said.to(command.getErr(), problem.explained()));
                yield failure.exit();
            }
            case ApiRefusal refusal -> {
                refusal.problems().forEach(problem -> Said.to(command.getErr(), problem.explained()));
                yield refusal.isUnreachable() ? Exit.UNREACHABLE : Exit.FINDINGS;
            }
            case FileSystemException failed -> {
                var problem = CliCode.FILE_UNUSABLE.problem(
                        failed.getFile() + ": " + reason(failed),
                        "name another file, or mend what is said of this one");
                Said.to(command.getErr(), problem.explained());
                yield Exit.FINDINGS;
            }
            default -> {
                Said.to(command.getErr(), CliCode.FAULT.code() + " this is a fault in Tulle itself: " + e);
                if (System.getenv("TULLE_DEBUG") != null) e.printStackTrace(command.getErr());
                else command.getErr().println("  fix: run it again with TULLE_DEBUG=1 and report what it prints");
                yield Exit.FINDINGS;
            }
        };
    }

    /** Java's own text of it is often the path alone. */
    static String reason(IOException e) {
        return e instanceof FileSystemException failed ? reason(failed) : String.valueOf(e.getMessage());
    }

    private static String reason(FileSystemException failed) {
        return switch (failed) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "it is no folder";
            case FileAlreadyExistsException _ -> "it is there already";
            default -> Optional.ofNullable(failed.getReason()).orElse(failed.toString());
        };
    }

    /** A refusal that ends a command. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient List<Problem> problems;
        private final int exit;

        Failure(int exit, List<Problem> problems) {
            super(problems.toString());
            this.problems = problems;
            this.exit = exit;
        }

        List<Problem> problems() {
            return problems;
        }

        int exit() {
            return exit;
        }
    }
}
