package com.vantage.syncstate.database;

import com.vantage.syncstate.config.UnusableSettingException;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Two pools whose connections are {@code authenticated} and {@code service_role} before their first use, so that the
 * database denies what the web layer should have denied.
 *
 * <p>The time-outs add up to less than the three seconds within which a request is answered where PostgreSQL says nothing.
 */
@Configuration(proxyBeanMethods = false)
class RoleBoundPools {

    private static final Logger log = LoggerFactory.getLogger(RoleBoundPools.class);

    private final ServerSessions sessions = new ServerSessions();

    @Bean
    @Qualifier("reader")
    HikariDataSource readerDataSource(DatabaseLogin login, DatabaseProperties properties) {
        return pool(ConnectionBinding.reader(username(login, properties.reader())), login, properties.reader());
    }

    @Bean
    @Primary
    @Qualifier("service")
    HikariDataSource serviceDataSource(DatabaseLogin login, DatabaseProperties properties) {
        return pool(ConnectionBinding.service(username(login, properties.service())), login, properties.service());
    }

    /** Logs in as the owner of the schema, with no role set: the roles are created by the first migration. */
    @Bean(defaultCandidate = false)
    @FlywayDataSource
    DriverManagerDataSource migrationDataSource(DatabaseLogin login) {
        var dataSource = new DriverManagerDataSource(login.url(), login.username(), login.password());
        var properties = new Properties();
        // Without one, a server that accepts and never answers would hold up the start for ever.
        properties.setProperty("loginTimeout", "5");
        dataSource.setConnectionProperties(properties);
        return dataSource;
    }

    @Bean
    @Qualifier("reader")
    @DependsOnDatabaseInitialization
    JdbcClient readerJdbc(
            @Qualifier("reader") HikariDataSource dataSource, DatabaseProperties properties, MeterRegistry meters) {
        return jdbc(dataSource, properties.maxQueuedRequests(), meters);
    }

    @Bean
    @Qualifier("service")
    @DependsOnDatabaseInitialization
    JdbcClient serviceJdbc(
            @Qualifier("service") HikariDataSource dataSource, DatabaseProperties properties, MeterRegistry meters) {
        return jdbc(dataSource, properties.maxQueuedRequests(), meters);
    }

    /**
     * The client of a pool that has opened a first connection.
     *
     * @throws UnusableSettingException if that is not bound as it should be; a database that is unavailable proves it later
     */
    private static JdbcClient jdbc(HikariDataSource dataSource, int maxQueued, MeterRegistry meters) {
        try (Connection first = dataSource.getConnection()) {
            log.debug("First connection of {}: {}", dataSource.getPoolName(), first);
        } catch (SQLException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof UnboundConnectionException unbound) {
                    throw new UnusableSettingException(
                            String.valueOf(unbound.getMessage()),
                            "Then start again. The section Database of the README says what each pool needs");
                }
            }
            log.warn("The {} pool has no connection yet: {}", dataSource.getPoolName(), e.getMessage());
        }
        var queue = new RequestQueue(dataSource.getPoolName(), dataSource.getMaximumPoolSize(), maxQueued);
        queue.bindTo(meters);
        var template = new QueuedJdbcTemplate(dataSource, queue);
        template.setExceptionTranslator(new PostgresExceptionTranslator());
        return JdbcClient.create(template);
    }

    private HikariDataSource pool(ConnectionBinding binding, DatabaseLogin login, DatabaseProperties.Pool pool) {
        String name = binding.pool();
        String url = Objects.requireNonNullElse(pool.url(), login.url());
        if (url.contains("options=")) {
            throw new UnusableSettingException(
                    "The JDBC URL of the " + name + " pool has 'options', which would replace the role that its"
                            + " connections are bound to",
                    "Take 'options=…' out of spring.datasource.url (or vantage.datasource." + name + ".url); for"
                            + " example jdbc:postgresql://localhost:5432/vantage");
        }
        var properties = new Properties();
        properties.setProperty("user", username(login, pool));
        properties.setProperty("password", Objects.requireNonNullElse(pool.password(), login.password()));
        properties.setProperty("ApplicationName", "vantage-sync-state " + name);
        properties.setProperty("assumeMinServerVersion", "15");
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("socketTimeout", "3");
        properties.setProperty("tcpKeepAlive", "true");
        // Begins with its first use, after the migrations: before them there may be no roles.
        var bound = new HikariDataSource();
        bound.setPoolName(name);
        bound.setDataSource(new RoleBoundDataSource(url, properties, binding, sessions));
        bound.setMaximumPoolSize(pool.maximumPoolSize());
        // A database that is unavailable at the start, or for a while, is no reason to exit: readiness reports it.
        bound.setInitializationFailTimeout(-1);
        bound.setConnectionTimeout(1_000);
        bound.setValidationTimeout(250);
        return bound;
    }

    private static String username(DatabaseLogin login, DatabaseProperties.Pool pool) {
        return Objects.requireNonNullElse(pool.username(), login.username());
    }
}
