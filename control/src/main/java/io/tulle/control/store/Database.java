package io.tulle.control.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one SQLite file of a control plane, mode 0600, write-ahead log, synced at each commit; its tables' owners share it.
 * One connection writes, one reads, each under its own lock, so that reads go on while a write waits for the disk. Only
 * one process has it open.
 */
public final class Database implements AutoCloseable {
    private final FileChannel lockFile;
    private final FileLock taken;
    private final Connection writer;
    private final Connection reader;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock reading = new ReentrantLock();

    private Database(FileChannel lockFile, FileLock taken, Connection writer, Connection reader) {
        this.lockFile = lockFile;
        this.taken = taken;
        this.writer = writer;
        this.reader = reader;
    }

    /** Opens or makes the file, checks it whole, and refuses with a code what is not sound. */
    public static Database open(Path file) {
        var lock = lockFor(file);
        try {
            var taken = take(file, lock);
            prepare(file);
            var writer = SqliteFile.connect(file);
            try {
                SqliteFile.check(writer, file);
                return new Database(lock, taken, writer, SqliteFile.connect(file));
            } catch (SQLException | RuntimeException e) {
                writer.close();
                throw e;
            }
        } catch (SQLException e) {
            closeQuietly(lock);
            throw SqliteFile.failure(e, "open " + file.getFileName());
        } catch (RuntimeException e) {
            closeQuietly(lock);
            throw e;
        }
    }

    /** Brings one owner's tables to the version that this program knows; each step is one transaction. */
    public void migrate(Schema schema) {
        write(connection -> {
            Migrations.run(connection, schema);
            return true;
        });
    }

    /** One transaction: made durable if the work returns, undone if it throws. */
    public <T> T write(Work<T> work) {
        return transact(work, true);
    }

    /** Like {@link #write}, but always undone: what would come out. */
    public <T> T rehearse(Work<T> work) {
        return transact(work, false);
    }

    /** One consistent look; it must not write. */
    public <T> T read(Work<T> work) {
        reading.lock();
        try {
            SqliteFile.execute(reader, "BEGIN");
            try {
                return work.on(reader);
            } finally {
                SqliteFile.execute(reader, "ROLLBACK");
            }
        } catch (SQLException e) {
            throw SqliteFile.failure(e, "read");
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        reading.lock();
        try {
            reader.close();
            writer.close(); // the last connection folds the log back into the file
            taken.release();
            lockFile.close();
        } catch (SQLException e) {
            throw SqliteFile.failure(e, "close");
        } catch (IOException e) {
            throw new StoreException(StoreCode.WRITE_FAILED, "cannot close the store: " + e.getMessage(), e);
        } finally {
            reading.unlock();
            writing.unlock();
        }
    }

    /** What is done with the connection inside a transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T transact(Work<T> work, boolean keep) {
        writing.lock();
        try {
            SqliteFile.execute(writer, "BEGIN IMMEDIATE");
            var kept = false;
            try {
                var result = work.on(writer);
                if (keep) SqliteFile.execute(writer, "COMMIT");
                kept = keep;
                return result;
            } finally {
                if (!kept) SqliteFile.undo(writer);
            }
        } catch (SQLException e) {
            throw SqliteFile.failure(e, "write");
        } finally {
            writing.unlock();
        }
    }

    private static FileChannel lockFor(Path file) {
        try {
            var folder = file.toAbsolutePath().getParent();
            if (folder != null && !Files.exists(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return FileChannel.open(
                    file.resolveSibling(file.getFileName() + ".lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new StoreException(StoreCode.UNREADABLE, "cannot open " + file + ": " + e, e);
        }
    }

    private static FileLock take(Path file, FileChannel lock) {
        try {
            var taken = lock.tryLock();
            if (taken != null) return taken;
        } catch (OverlappingFileLockException _) { // taken within this same process
        } catch (IOException e) {
            throw new StoreException(StoreCode.UNREADABLE, "cannot lock " + file + ": " + e, e);
        }
        throw new StoreException(StoreCode.TAKEN, file + " is open in another control plane");
    }

    /** SQLite gives its log the mode of the file, so the file has its mode before SQLite sees it. */
    private static void prepare(Path file) {
        var mode = PosixFilePermissions.fromString("rw-------");
        try {
            try {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
            } catch (FileAlreadyExistsException _) {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new StoreException(StoreCode.UNREADABLE, file + " is not a plain file");
                }
                Files.setPosixFilePermissions(file, mode);
            }
        } catch (IOException e) {
            throw new StoreException(StoreCode.UNREADABLE, "cannot open " + file + ": " + e, e);
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) { // the reason to close it is already being thrown
        }
    }
}
