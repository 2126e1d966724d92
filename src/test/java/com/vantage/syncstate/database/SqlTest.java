package com.vantage.syncstate.database;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The plain SQL tests of {@code db/test}: each asserts for itself, and rolls back what it did. */
class SqlTest {

    @TestFactory
    Stream<DynamicTest> holds() {
        Address database = Migrations.all();
        return Migrations.files("test").stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> Migrations.apply(file, database)));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".sql", "").replace('_', ' ');
    }
}
