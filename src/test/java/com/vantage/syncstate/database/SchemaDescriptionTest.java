package com.vantage.syncstate.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.Migrations;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The committed description of the schema says what the migrations make, so that a review sees what a change of them does. */
class SchemaDescriptionTest {

    private static final Path DESCRIPTION = Path.of("db", "schema", "as_migrated.sql");
    private static final Path QUERY = Path.of("src", "test", "resources", "schema", "description.sql");
    private static final String WRITE = "mvn -q verify -Dtest=SchemaDescriptionTest -Dvantage.schema.write=true";

    private static final String HEAD = """
            -- The schema that the migrations make, to read and to compare; apply the migrations, not this.
            -- Written anew by: %s

            """.formatted(WRITE);

    private static final Pattern FUNCTION =
            Pattern.compile("(?i)\\bcreate (?:or replace )?function\\s+public\\.(\\w+)");

    @ParameterizedTest
    @EnumSource(TestServer.class)
    void saysWhatTheMigrationsMake(TestServer server) throws IOException {
        Address database = server.create();
        Migrations.applyAll(database);

        String description = HEAD + database.query(Migrations.read(QUERY));

        // By one version: the others have to describe it alike.
        if (Boolean.getBoolean("vantage.schema.write") && server == TestServer.DEFAULT) {
            Files.createDirectories(DESCRIPTION.getParent());
            Files.writeString(DESCRIPTION, description);
        }
        assertThat(DESCRIPTION).exists();
        assertThat(description.lines())
                .as("%s is not what the migrations make. Write it anew: %s", DESCRIPTION, WRITE)
                .containsExactlyElementsOf(Files.readAllLines(DESCRIPTION));
    }

    @Test
    void hasEachFunctionOnce() {
        List<String> functions = Migrations.files("migration").stream()
                .flatMap(file -> FUNCTION.matcher(Migrations.read(file)).results())
                .map(result -> result.group(1))
                .toList();

        assertThat(functions).contains("start_vantage_sync").doesNotHaveDuplicates();
    }
}
