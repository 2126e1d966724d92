package com.vantage.syncstate.database;

import com.vantage.syncstate.config.UnusableSettingException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Says what to set where no database is configured and none is embedded. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnEmbeddedDatabase
@ConditionalOnMissingClass("io.zonky.test.db.postgres.embedded.EmbeddedPostgres")
class MissingDatabaseConfiguration {

    @Bean
    DatabaseLogin databaseLogin() {
        throw new UnusableSettingException(
                "spring.datasource.url is not set, and this jar has no embedded database",
                "Set spring.datasource.url, .username and .password (SPRING_DATASOURCE_URL, …), for example"
                        + " jdbc:postgresql://localhost:5432/vantage; `mvn spring-boot:run` has one");
    }
}
