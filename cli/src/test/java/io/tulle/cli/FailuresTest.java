package io.tulle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tulle.model.Problem;
import io.tulle.proxy.identity.Issuer;
import io.tulle.xds.XdsCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
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
