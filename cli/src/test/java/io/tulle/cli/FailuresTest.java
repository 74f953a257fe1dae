package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.model.Problem;
import io.tulle.proxy.identity.Issuer;
import io.tulle.xds.XdsCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What is said when something that a user can mend goes wrong. */
class FailuresTest {
    @Command(name = "tulle")
    private static final class Verb implements Runnable {
        @Override
        public void run() {}
    }

    private final StringWriter said = new StringWriter();

    private static String run(int exit, String... words) {
        var said = new StringWriter();
        var line = Tulle.commandLine().setErr(new PrintWriter(said, true));
        assertEquals(exit, line.execute(words), said.toString());
        return said.toString();
    }

    @Test
    void aSlipOfTheFingersIsAnsweredWithTheVerbThatIsNear() {
        var said = run(Exit.USAGE, "hlep");
        assertTrue(said.contains("did you mean help?"), said);
        assertFalse(said.contains("delete"), said);
    }

    @Test
    void whatIsNearNothingGetsNoGuess() {
        var said = run(Exit.USAGE, "explain", "vs");
        assertFalse(said.toLowerCase(Locale.ROOT).contains("did you mean"), said);
        assertTrue(said.contains("tulle --help shows what it takes"), said);
    }

    @Test
    void anOptionThatIsNearlyOneIsNamed() {
        var said = run(Exit.USAGE, "apply", "-f", "a.yaml", "--dryrun");
        assertTrue(said.contains("did you mean --dry-run?"), said);
    }

    @Test
    void aFileWithoutDocumentsIsNotAppliedInSilence(@TempDir Path folder) throws IOException {
        var empty = Files.writeString(folder.resolve("empty.yaml"), "# nothing yet\n---\n");
        var said = run(Exit.FINDINGS, "apply", "-f", empty.toString());
        assertTrue(said.contains("TUL1050 there is no document in " + empty), said);
        assertTrue(run(Exit.FINDINGS, "delete", "-f", folder.toString()).contains("TUL1050"), "of a folder");
    }

    @Test
    void aFileThatIsNotThereIsToldAsSuch(@TempDir Path folder) {
        var said = run(Exit.FINDINGS, "apply", "-f", folder.resolve("none.yaml").toString());
        assertTrue(said.contains("none.yaml: there is no such file or folder"), said);
    }

    @Test
    void aFileThatIsNotThereIsNoFaultInTulle() {
        assertEquals(Exit.FINDINGS, failed(new NoSuchFileException("/nowhere/x")));
        assertEquals(
                "tulle: TUL1038 /nowhere/x: there is no such file or folder\n"
                        + "  fix: name another file, or mend what is said of this one\n",
                said.toString());
    }

    @Test
    void whatTheSystemForbidsIsSaid() {
        failed(new AccessDeniedException("/root/x"));
        assertEquals(
                "tulle: TUL1038 /root/x: permission denied",
                said.toString().lines().findFirst().orElseThrow());
    }

    @Test
    void aFaultIsStillOne() {
        failed(new IOException("no such thing"));
        assertEquals(
                "tulle: TUL1099 this is a fault in Tulle itself: java.io.IOException: no such thing",
                said.toString().lines().findFirst().orElseThrow());
    }

    @Test
    void aRefusedJoinIsMendedAsTheRefusalSays() {
        var refused = Problem.error("TUL1522", "the join token was used as often as it may be", "make a new one");
        var failure = NotJoined.failure(new Issuer.IssueFailed(refused), "shop");

        assertEquals(Exit.FINDINGS, failed(failure));
        assertEquals(
                "tulle: TUL2010 this instance could not join the mesh: TUL1522 the join token was used as often as it may be\n"
                        + "  fix: make a new one\n",
                said.toString());
    }

    @Test
    void aControlPlaneThatIsNotThereIsToBeStarted() {
        var away = XdsCode.UNREACHABLE.problem("the control plane cannot be reached: Connection refused", "start it");
        var failure = NotJoined.failure(new Issuer.IssueFailed(away), "shop");

        assertEquals(Exit.UNREACHABLE, failed(failure));
        assertEquals(
                "tulle: TUL2010 this instance could not join the mesh: TUL1418 the control plane cannot be reached: Connection refused\n"
                        + "  fix: is the control plane of mesh 'shop' running? (tulle control)\n",
                said.toString());
    }

    private int failed(Exception failure) {
        var command = new CommandLine(new Verb()).setErr(new PrintWriter(said, true));
        return Failures.execution(failure, command, command.parseArgs());
    }
}
