package com.vantage.syncstate.database;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The PostgreSQL that runs where {@code spring.datasource.url} is not set.
 *
 * @param directory where its data, its binaries and the keys are kept between runs; a leading {@code ~} is the home
 *     directory
 * @param version version of its binaries, whose major version names the data; set by the build
 */
@ConfigurationProperties("vantage.embedded")
public record EmbeddedDatabaseProperties(
        @DefaultValue("~/.vantage-sync-state") Path directory, String version) {

    private static final Path HOME = Path.of("~");

    public EmbeddedDatabaseProperties {
        if (directory.startsWith(HOME)) {
            directory = Path.of(System.getProperty("user.home")).resolve(HOME.relativize(directory));
        }
    }

    Path dataDirectory() {
        return directory.resolve("postgresql-" + version.replaceFirst("\\..*", ""));
    }

    Path binaries() {
        return directory.resolve("binaries");
    }
}
