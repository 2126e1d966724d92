package com.vantage.syncstate.database;

import com.vantage.syncstate.settings.UnusableSettingException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Two pools whose connections are {@code authenticated} and {@code service_role} from their first moment, so that the
 * database refuses what the door should have refused.
 *
 * <p>The role is a start-up option of the connection: unlike {@code SET ROLE} it survives {@code RESET ROLE} and
 * {@code DISCARD ALL}. The time-outs add up to less than the five seconds within which every request is answered.
 */
@Configuration(proxyBeanMethods = false)
class RoleBoundPools {

    private static final String TIMEOUTS = " -c statement_timeout=2500 -c lock_timeout=2000";

    private final String settings;

    RoleBoundPools(List<SessionSetting> settings) {
        this.settings = settings.stream()
                .map(setting -> " -c " + setting.name() + "=" + setting.value())
                .collect(Collectors.joining());
    }

    @Bean
    @Qualifier("reader")
    HikariDataSource readerDataSource(DatabaseLogin login, DatabaseProperties properties) {
        return pool("reader", "-c role=authenticated -c default_transaction_read_only=on", login, properties.reader());
    }

    @Bean
    @Primary
    HikariDataSource serviceDataSource(DatabaseLogin login, DatabaseProperties properties) {
        return pool("service", "-c role=service_role", login, properties.service());
    }

    /** Logs in as the owner of the schema, with no role taken on: the roles are made by the first migration. */
    @Bean(defaultCandidate = false)
    @FlywayDataSource
    DriverManagerDataSource migrationDataSource(DatabaseLogin login) {
        return new DriverManagerDataSource(login.url(), login.username(), login.password());
    }

    @Bean
    @Qualifier("reader")
    JdbcClient readerJdbc(@Qualifier("reader") HikariDataSource dataSource) {
        return jdbc(dataSource);
    }

    @Bean
    @Qualifier("service")
    JdbcClient serviceJdbc(@Qualifier("serviceDataSource") HikariDataSource dataSource) {
        return jdbc(dataSource);
    }

    private static JdbcClient jdbc(HikariDataSource dataSource) {
        var template = new JdbcTemplate(dataSource);
        template.setExceptionTranslator(new RefusalTranslator());
        return JdbcClient.create(template);
    }

    private HikariDataSource pool(String name, String options, DatabaseLogin login, DatabaseProperties.Pool pool) {
        String url = Objects.requireNonNullElse(pool.url(), login.url());
        if (url.contains("options=")) {
            throw new UnusableSettingException(
                    "The JDBC URL of the " + name + " pool has 'options', which would replace the role that its"
                            + " connections are bound to",
                    "Take 'options=…' out of spring.datasource.url (or vantage.datasource." + name + ".url); a URL"
                            + " that would do: jdbc:postgresql://localhost:5432/vantage");
        }
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        config.setUsername(Objects.requireNonNullElse(pool.username(), login.username()));
        config.setPassword(Objects.requireNonNullElse(pool.password(), login.password()));
        config.setMaximumPoolSize(pool.maximumPoolSize());
        // A database that is away at the start, or for a while, is no reason to end: readiness tells.
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(1_000);
        config.setValidationTimeout(500);
        // Times without an offset are UTC on every machine; as a start-up option the driver would overrule it.
        config.setConnectionInitSql("set time zone 'UTC'");
        config.addDataSourceProperty("options", options + TIMEOUTS + settings);
        config.addDataSourceProperty("ApplicationName", "vantage-sync-state " + name);
        config.addDataSourceProperty("assumeMinServerVersion", "15");
        config.addDataSourceProperty("connectTimeout", "1");
        config.addDataSourceProperty("socketTimeout", "3");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return new HikariDataSource(config);
    }
}
