package com.vantage.syncstate.database;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The PostgreSQL that runs where {@code spring.datasource.url} is not set.
 *
 * @param directory where its data, its binaries and the keys are kept between runs
 * @param version version of its binaries, by whose first number the data is named
 */
@ConfigurationProperties("vantage.embedded")
record EmbeddedDatabaseProperties(Path directory, String version) {

    Path dataDirectory() {
        return directory.resolve("postgresql-" + version.replaceFirst("\\..*", ""));
    }

    Path binaries() {
        return directory.resolve("binaries");
    }
}
