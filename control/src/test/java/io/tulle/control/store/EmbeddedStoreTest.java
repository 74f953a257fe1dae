package io.tulle.control.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends ResourceStoreContract {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final List<Database> opened = new ArrayList<>();

    @Override
    ResourceStore fresh() {
        return store(open("contract.db"));
    }

    @Override
    void dispose() {
        opened.forEach(Database::close);
    }

    @Test
    void whatWasCommittedIsThereAfterReopening() {
        var first = Database.open(folder.resolve("again.db"));
        var store = store(first);
        store.commit(Batch.of(put("a", "1")));
        store.commit(Batch.of(put("b", "1")));
        var before = store.list(Query.everything());
        first.close();
        var reopened = store(open("again.db"));
        assertEquals(before, reopened.list(Query.everything()));
        assertEquals(
                1,
                assertInstanceOf(History.Steps.class, reopened.after(1, 10))
                        .effects()
                        .size());
    }

    @Test
    void theFileAndItsLogAreForTheOwnerAlone() throws IOException {
        store(open("mode.db")).commit(Batch.of(put("a", "1")));
        try (var files = Files.list(folder)) {
            var mode = files.filter(file -> file.getFileName().toString().startsWith("mode.db"))
                    .map(EmbeddedStoreTest::mode)
                    .distinct()
                    .toList();
            assertEquals(List.of("rw-------"), mode);
        }
    }

    @Test
    void aFileThatOthersMayReadIsClosedToThem() throws IOException {
        var file = Files.createFile(folder.resolve("wide.db"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        store(open("wide.db"));
        assertEquals("rw-------", mode(file));
    }

    @Test
    void aSecondControlPlaneIsRefused() {
        open("taken.db");
        assertEquals(StoreCode.TAKEN.code(), refusal("taken.db").problem().code());
    }

    @Test
    void whatIsNoDatabaseIsRefusedAndLeftAsItWas() throws IOException {
        var file = folder.resolve("text.db");
        Files.writeString(file, "this is a letter, not a database".repeat(100));
        assertEquals(StoreCode.DAMAGED.code(), refusal("text.db").problem().code());
        assertEquals("this is a letter, not a database".repeat(100), Files.readString(file));
    }

    @Test
    void aTornPageIsFoundAtTheStart() throws IOException {
        var database = Database.open(folder.resolve("torn.db"));
        var store = store(database);
        for (int i = 0; i < 200; i++) store.commit(Batch.of(put("n" + i, "x".repeat(200))));
        database.close();
        try (var file = new RandomAccessFile(folder.resolve("torn.db").toFile(), "rw")) {
            file.seek(4096L * 3 + 5);
            file.write(new byte[2000]);
        }
        assertEquals(StoreCode.DAMAGED.code(), refusal("torn.db").problem().code());
    }

    @Test
    void aNewerSchemaIsRefused() {
        var database = open("newer.db");
        store(database);
        database.write(connection -> {
            SqliteFile.execute(connection, "UPDATE schema_version SET version = 99");
            return true;
        });
        var refused = assertThrows(StoreException.class, () -> store(database));
        assertEquals(StoreCode.NEWER.code(), refused.problem().code());
    }

    @Test
    void migrationsRunOnceEachAndContinueWhereAnOlderProgramStopped() {
        var database = open("migrate.db");
        var one = List.of("CREATE TABLE lease (id TEXT) STRICT");
        var two = List.of("ALTER TABLE lease ADD COLUMN until INTEGER");
        database.migrate(new Schema("leases", List.of(one)));
        database.migrate(new Schema("leases", List.of(one, two)));
        database.migrate(new Schema("leases", List.of(one, two)));
        database.write(connection -> {
            SqliteFile.execute(connection, "INSERT INTO lease (id, until) VALUES ('cart-1', 1)");
            return true;
        });
    }

    @Test
    void aFullDiskRefusesTheWriteByCodeAndReadsGoOn() {
        var database = open("full.db");
        var store = store(database);
        store.commit(Batch.of(put("a", "1")));
        limitPages(database, 20);
        var big = put("b", "x".repeat(200_000));
        var refused = assertThrows(StoreException.class, () -> store.commit(Batch.of(put("c", "1"), big)));
        assertEquals(StoreCode.FULL.code(), refused.problem().code());
        assertEquals(1, store.list(Query.everything()).resources().size());
        assertEquals(new Position(1, 1), store.position());
        limitPages(database, 100_000);
        assertInstanceOf(Commit.Done.class, store.commit(Batch.of(big)));
    }

    @Test
    void aClosedStoreSaysSo() {
        var database = Database.open(folder.resolve("closed.db"));
        var store = store(database);
        database.close();
        var refused = assertThrows(StoreException.class, store::position);
        assertEquals(StoreCode.CLOSED.code(), refused.problem().code());
    }

    /** SQLite answers as on a full disk when the file may not grow past a number of pages. */
    private static void limitPages(Database database, int pages) {
        database.write(connection -> {
            SqliteFile.execute(connection, "PRAGMA max_page_count = " + pages);
            return true;
        });
    }

    private Database open(String name) {
        var database = Database.open(folder.resolve(name));
        opened.add(database);
        return database;
    }

    private StoreException refusal(String name) {
        return assertThrows(StoreException.class, () -> Database.open(folder.resolve(name)));
    }

    private static ResourceStore store(Database database) {
        return new EmbeddedStore(database, CLOCK, new Random(7), REMEMBERED);
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
