package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Applies the SQL files as psql would, without Flyway. */
public final class Migrations {

    private static final Path DB = Path.of("db");

    private Migrations() {}

    /** A new database with all of them. */
    public static Address all() {
        Address database = TestDatabase.create();
        files("migration").forEach(file -> apply(file, database));
        return database;
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
