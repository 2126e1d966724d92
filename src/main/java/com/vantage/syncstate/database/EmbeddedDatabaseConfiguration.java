package com.vantage.syncstate.database;

import com.vantage.syncstate.config.UnusableSettingException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A real, durable PostgreSQL from a Maven artifact, where no other database is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnEmbeddedDatabase
@ConditionalOnClass(EmbeddedPostgres.class)
class EmbeddedDatabaseConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabaseConfiguration.class);

    /** Ends it after everything that uses it; the library's own hook would end it in the middle of a drain. */
    @Bean(destroyMethod = "close")
    EmbeddedPostgres embeddedPostgres(EmbeddedDatabaseProperties properties) {
        Path data = properties.dataDirectory();
        try {
            Files.createDirectories(properties.directory());
            if (Files.getFileStore(properties.directory()).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(properties.directory(), PosixFilePermissions.fromString("rwx------"));
            }
            return EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setOverrideWorkingDirectory(properties.binaries().toFile())
                    .setDataDirectoryCustomizer(directory -> StalePostmaster.end(directory.toPath()))
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofSeconds(60))
                    // The library is made for tests and turns these off.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("timezone", "UTC")
                    .start();
        } catch (IOException e) {
            throw new UnusableSettingException(
                    "PostgreSQL did not start in " + data + ": " + e.getMessage(),
                    "Give vantage.embedded.directory (VANTAGE_EMBEDDED_DIRECTORY) a directory that can be written, on a"
                            + " disk with room, for example /var/lib/vantage-sync-state");
        } catch (IllegalStateException e) {
            if (!String.valueOf(e.getMessage()).contains("could not lock")) {
                throw e;
            }
            throw new UnusableSettingException(
                    "Another instance runs on vantage.embedded.directory " + properties.directory(),
                    "Stop that one, give this one a directory of its own, for example"
                            + " vantage.embedded.directory=/tmp/vantage, or set spring.datasource.url to share a"
                            + " database");
        }
    }

    @Bean
    DatabaseLogin databaseLogin(EmbeddedPostgres postgres) {
        log.info("Embedded PostgreSQL on port {}", postgres.getPort());
        return new DatabaseLogin(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "");
    }
}
