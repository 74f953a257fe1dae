package io.tulle.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void aFolderOfTheUsersIsRefusedAndStaysAsItIs() throws Exception {
        var home = Files.createDirectory(folder.resolve("home"));
        var letter = Files.writeString(home.resolve("letter"), "dear reader");

        assertEquals("TUL2046", refusal(home));

        assertEquals("dear reader", Files.readString(letter));
    }

    @Test
    void anEmptyFolderThatTulleDidNotMakeIsRefusedToo() throws Exception {
        var empty = Files.createDirectory(folder.resolve("empty"));
        assertEquals("TUL2046", refusal(empty));
        assertTrue(Files.exists(empty));
    }

    @Test
    void aFolderThatALivingProcessHoldsIsRefusedAndTheMessageSaysWhoHoldsIt() {
        var run = RunDirectory.create(folder.resolve("web"));
        var secret = run.write("secret", "x");

        var refused = assertThrows(RunDirectory.Refused.class, () -> RunDirectory.create(folder.resolve("web")));

        assertEquals("TUL2045", refused.problem().code());
        var pid = ProcessHandle.current().pid();
        assertTrue(refused.problem().message().contains("process " + pid + ", since "), refused.getMessage());
        assertTrue(refused.problem().fix().contains("--replace"), refused.getMessage());
        assertTrue(Files.exists(secret));
    }

    @Test
    void whatADeadRunLeftIsClearedAndTaken() throws Exception {
        var old = ofTheDead("web");

        var run = RunDirectory.create(old);

        assertFalse(Files.exists(old.resolve("secret")));
        run.write("secret", "new");
        run.close();
        assertFalse(Files.exists(old));
    }

    @Test
    void whatSomebodyElsePutIntoARunsFolderIsNeverRemoved() throws Exception {
        var old = ofTheDead("web");
        var letter = Files.writeString(old.resolve("letter"), "dear reader");

        assertEquals("TUL2047", refusal(old));
        assertTrue(Files.exists(letter));

        var run = RunDirectory.create(folder.resolve("cart"));
        var note = Files.writeString(run.path().resolve("note"), "mine");
        run.write("secret", "x");
        run.close();
        assertEquals(List.of("holder", "made", "note"), names(run.path()));
        assertEquals("mine", Files.readString(note));
    }

    @Test
    void aProcessClearsOnlyWhatItHolds() throws Exception {
        var other = ofTheDead("web");
        RunDirectory.release(other);
        assertTrue(Files.exists(other.resolve("secret")));
    }

    /** A process id that is in use again, by a process that was started at another time. */
    private Path ofTheDead(String name) throws IOException {
        var run = RunDirectory.create(folder.resolve(name));
        run.write("secret", "x");
        var holder = run.path().resolve("holder");
        var words = Files.readString(holder).strip().split(" ");
        Files.writeString(holder, words[0] + " 1 " + words[2] + "\n");
        return run.path();
    }

    private static String refusal(Path path) {
        return assertThrows(RunDirectory.Refused.class, () -> RunDirectory.create(path))
                .problem()
                .code();
    }

    private static List<String> names(Path path) throws IOException {
        try (var all = Files.list(path)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
