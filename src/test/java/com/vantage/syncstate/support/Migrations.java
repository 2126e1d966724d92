package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Applies the SQL files as psql would, without Flyway. */
public final class Migrations {

    private static final Path DB = Path.of("db");

    private Migrations() {}

    /** A new database with all of them. */
    public static Address all() {
        Address database = TestDatabase.create();
        applyAll(database);
        return database;
    }

    public static void applyAll(Address database) {
        files("migration").forEach(file -> apply(file, database));
    }

    /** Undoes all, newest first. */
    public static void rollBackAll(Address database) {
        var newestFirst = new ArrayList<>(files("migration"));
        Collections.reverse(newestFirst);
        newestFirst.forEach(file -> apply(rollbackOf(file), database));
    }

    /** The files of a folder, oldest first. */
    public static List<Path> files(String folder) {
        try (Stream<Path> files = Files.list(DB.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void apply(Path file, Address database) {
        database.execute(read(file));
    }

    /** Applies a file by psql itself: each statement is a transaction of its own. */
    public static void applyByPsql(Path file, Address database) {
        InstalledPostgres.run(database, "psql -X -q -v ON_ERROR_STOP=1 -f \"$FILE\"", Map.of("FILE", file.toString()));
    }

    /** The rollback of a migration. */
    public static Path rollbackOf(Path migration) {
        String name = migration.getFileName().toString();
        return DB.resolve("rollback").resolve(name.replace(".sql", "_rollback.sql"));
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
