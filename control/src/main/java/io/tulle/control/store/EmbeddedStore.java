package io.tulle.control.store;

import io.tulle.control.store.ResourceTables.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The store in one SQLite file. It does not own the {@link Database}: whoever opened it closes it. */
public final class EmbeddedStore implements ResourceStore {
    /** How many versions back watchers may begin. */
    public static final int REMEMBERED = 4096;

    private final Database database;
    private final Clock clock;
    private final RandomGenerator random;
    private final int remembered;
    private final List<Wake> wakes = new CopyOnWriteArrayList<>();

    public EmbeddedStore(Database database, Clock clock, RandomGenerator random) {
        this(database, clock, random, REMEMBERED);
    }

    /** @param remembered how many versions back watchers and pages may begin */
    public EmbeddedStore(Database database, Clock clock, RandomGenerator random, int remembered) {
        this.database = database;
        this.clock = clock;
        this.random = random;
        this.remembered = remembered;
        database.migrate(ResourceTables.SCHEMA);
    }

    @Override
    public Position position() {
        return database.read(connection -> ResourceTables.standing(connection).at());
    }

    @Override
    public Optional<Resource> find(ResourceKey key) {
        return database.read(connection -> ResourceTables.current(connection, key)
                .filter(row -> !row.deleted())
                .map(Row::resource));
    }

    @Override
    public Listing list(Query query, Page page) {
        return database.read(connection -> {
            var standing = ResourceTables.standing(connection);
            var version = page.version() == 0 ? standing.at().version() : page.version();
            if (version < standing.floor() || version > standing.at().version()) {
                return new Listing.Gone(standing.floor());
            }
            var at = new Position(version, standing.at().revision());
            return pageOf(at, query, page, ResourceTables.alive(connection, version));
        });
    }

    @Override
    public Commit commit(Batch batch) {
        var before = new Position[1]; // written under the writer's lock, read after it
        var commit = database.write(connection -> {
            before[0] = ResourceTables.standing(connection).at();
            return step(connection).run(batch);
        });
        if (commit instanceof Commit.Done done && !done.at().equals(before[0])) {
            wakes.forEach(wake -> wake.wake().run());
        }
        return commit;
    }

    @Override
    public Commit rehearse(Batch batch) {
        return database.rehearse(connection -> step(connection).run(batch));
    }

    @Override
    public History after(long version, int limit) {
        return database.read(connection -> {
            var standing = ResourceTables.standing(connection);
            if (version < standing.floor()) return new History.Gone(standing.floor());
            if (version > standing.at().version()) {
                return new History.Ahead(standing.at().version());
            }
            var rows = ResourceTables.since(connection, version, limit);
            var effects = new ArrayList<Effect>();
            for (var row : rows) effects.add(effect(connection, row));
            var upTo = rows.isEmpty() ? version : rows.getLast().resource().version();
            return new History.Steps(effects, upTo);
        });
    }

    @Override
    public Registration onCommit(Runnable wake) {
        var registered = new Wake(wake);
        wakes.add(registered);
        return () -> wakes.remove(registered);
    }

    @Override
    public void close() {
        wakes.clear();
    }

    /** Two registrations of one runnable are two. */
    private static final class Wake {
        private final Runnable wake;

        Wake(Runnable wake) {
            this.wake = wake;
        }

        Runnable wake() {
            return wake;
        }
    }

    private Step step(Connection connection) {
        return new Step(connection, clock.instant().truncatedTo(ChronoUnit.SECONDS), this::uid, remembered);
    }

    private static Effect effect(Connection connection, Row row) throws SQLException {
        if (row.deleted()) return new Effect.Deleted(row.resource());
        return ResourceTables.before(connection, row.resource())
                .filter(before -> !before.deleted())
                .<Effect>map(before -> new Effect.Changed(before.resource(), row.resource()))
                .orElseGet(() -> new Effect.Created(row.resource()));
    }

    private static Listing pageOf(Position at, Query query, Page page, List<Resource> all) {
        var found = new ArrayList<Resource>();
        for (var resource : all) {
            if (!query.selects(resource) || position(resource).compareTo(page.after()) <= 0) continue;
            if (page.limit() > 0 && found.size() == page.limit()) {
                return new Listing.Found(at, found, position(found.getLast()));
            }
            found.add(resource);
        }
        return new Listing.Found(at, found, "");
    }

    /** Where a resource stands in a list of one kind; a space sorts before every character of a name. */
    private static String position(Resource resource) {
        var key = resource.key();
        return String.join(" ", key.group(), key.kind(), key.namespace(), key.name());
    }

    /** A random uid of RFC 9562, version 4. */
    private String uid() {
        var high = (random.nextLong() & ~0xF000L) | 0x4000L;
        var low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low).toString();
    }
}
