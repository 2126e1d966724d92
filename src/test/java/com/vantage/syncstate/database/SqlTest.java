package com.vantage.syncstate.database;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The plain SQL tests of {@code db/test}, after its helpers: each asserts for itself, and rolls back what it did. */
class SqlTest {

    @TestFactory
    Stream<DynamicTest> holds() {
        Address database = Migrations.all();
        String helpers =
                Migrations.files("test/helper").stream().map(Migrations::read).collect(joining());
        return Migrations.files("test").stream()
                .map(file -> dynamicTest(name(file), () -> database.execute(helpers + Migrations.read(file))));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".sql", "").replace('_', ' ');
    }
}
