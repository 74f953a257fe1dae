package io.tulle.launch.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.launch.capture.Capture.Requested;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CaptureChoiceTest {
    private static final Facts USER = new Facts(true, false, List.of(), Optional.empty());
    private static final Facts ROOT = new Facts(true, true, List.of(), Optional.empty());
    private static final Facts BARE = new Facts(true, true, List.of("nft (package nftables)"), Optional.empty());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    node dist/main.js                     | HOOK
                    /usr/local/bin/node18 --inspect x.js  | HOOK
                    npm run start:prod                    | HOOK
                    npx nest start --watch                | HOOK
                    yarn start                            | HOOK
                    pnpm start                            | HOOK
                    nest start                            | HOOK
                    env PORT=3000 node x.js               | HOOK
                    env -i node x.js                      | HOOK
                    tini -- node x.js                     | HOOK
                    PORT=1 node x.js                      | HOOK
                    java Ledger.java                      | NETNS
                    python3 node.py                       | NETNS
                    nodejs-exporter                       | NETNS
                    sh start.sh                           | NETNS
                    """)
    void aCommandIsCaughtByWhatItIs(String command, Capture expected) {
        assertEquals(
                expected,
                chosen(Requested.AUTO, List.of(command.split(" ")), ROOT).capture());
    }

    @Test
    void aShellLineIsJudgedByItsFirstCommand() {
        assertEquals(
                Capture.HOOK,
                chosen(Requested.AUTO, List.of("sh", "-c", "node a.js && node b.js"), USER)
                        .capture());
        assertEquals(
                Capture.HOOK,
                chosen(Requested.AUTO, List.of("bash", "-lc", "exec npm start"), USER)
                        .capture());
        assertEquals(
                Capture.ENV,
                chosen(Requested.AUTO, List.of("sh", "-c", "./ledger"), USER).capture());
    }

    @Test
    void aScriptIsJudgedByItsFirstLine() throws Exception {
        var script = Files.writeString(folder.resolve("serve"), "#!/usr/bin/env -S node --enable-source-maps\n1");
        assertTrue(script.toFile().setExecutable(true));

        var facts = Facts.look(List.of("./serve"), folder, "");

        assertEquals(Optional.of("node"), facts.interpreter());
        var choice = chosen(Requested.AUTO, List.of("./serve"), facts);
        assertEquals(Capture.HOOK, choice.capture());
        assertTrue(choice.why().contains("serve (#! node)"), choice.why());
    }

    @Test
    void aProgramFoundOnThePathIsLookedAtToo() throws Exception {
        var script = Files.writeString(folder.resolve("tool"), "#!/opt/node/bin/node\n");
        assertTrue(script.toFile().setExecutable(true));
        assertEquals(
                Optional.of("/opt/node/bin/node"),
                Facts.look(List.of("tool", "x"), Path.of("/"), "/nowhere:" + folder)
                        .interpreter());
    }

    @Test
    void whatIsNotNodeSaysWhyItHasNoNamespace() {
        var why = chosen(Requested.AUTO, List.of("java", "Ledger.java"), USER).why();
        assertTrue(why.startsWith("capture env: java is not Node, and netns needs root"), why);
        assertTrue(why.contains("its own port stays open on loopback"), why);

        var bare = chosen(Requested.AUTO, List.of("java", "Ledger.java"), BARE);
        assertEquals(Capture.ENV, bare.capture());
        assertTrue(bare.why().contains("nft (package nftables)"), bare.why());
    }

    @ParameterizedTest
    @CsvSource({"000001ffffffffff, true", "00000000a80425fb, false", "0000000000000000, false", "zz, false"})
    void permissionIsReadFromTheCapabilities(String effective, boolean expected) throws Exception {
        var status = Files.writeString(folder.resolve("status"), "Name:\tjava\nCapEff:\t" + effective + "\n");

        assertEquals(expected, Facts.isPermitted(status));
        assertFalse(Facts.isPermitted(folder.resolve("nowhere")));
    }

    @Test
    void aNamespaceThatCannotBeIsRefusedAndNotReplaced() {
        for (var facts : List.of(USER, BARE, new Facts(false, true, List.of(), Optional.empty()))) {
            var choice = CaptureChoice.choose(Requested.NETNS, List.of("java"), facts);
            assertEquals(
                    "TUL2030",
                    assertInstanceOf(CaptureChoice.Refused.class, choice)
                            .problem()
                            .code());
        }
        assertEquals(
                Capture.NETNS, chosen(Requested.NETNS, List.of("java"), ROOT).capture());
    }

    @Test
    void whatIsAskedForIsDoneAndItsLimitsSaid() {
        var hook = chosen(Requested.HOOK, List.of("java"), USER);
        assertEquals(Capture.HOOK, hook.capture());
        assertTrue(hook.why().contains("does not look like Node"), hook.why());
        assertEquals(Capture.ENV, chosen(Requested.ENV, List.of("node"), USER).capture());
        assertInstanceOf(CaptureChoice.Refused.class, CaptureChoice.choose(Requested.AUTO, List.of(), USER));
    }

    private static CaptureChoice.Chosen chosen(Requested requested, List<String> command, Facts facts) {
        return assertInstanceOf(CaptureChoice.Chosen.class, CaptureChoice.choose(requested, command, facts));
    }
}
