package com.vantage.syncstate.database;

import com.vantage.syncstate.config.UnusableSettingException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database that {@code spring.datasource} names; says what to set where it names none and none is embedded. */
@Configuration(proxyBeanMethods = false)
class ExternalDatabaseConfiguration {

    @Bean
    @ConditionalOnProperty("spring.datasource.url")
    DatabaseLogin externalLogin(
            @Value("${spring.datasource.url}") String url,
            @Value("${spring.datasource.username:}") String username,
            @Value("${spring.datasource.password:}") String password) {
        return new DatabaseLogin(url, username, password);
    }

    @Bean
    @ConditionalOnEmbeddedDatabase
    @ConditionalOnMissingClass("io.zonky.test.db.postgres.embedded.EmbeddedPostgres")
    DatabaseLogin missingLogin() {
        throw new UnusableSettingException(
                "spring.datasource.url is not set, and this jar has no embedded database",
                "Set spring.datasource.url, .username and .password (SPRING_DATASOURCE_URL, …), for example"
                        + " jdbc:postgresql://localhost:5432/vantage; `mvn spring-boot:run` has one");
    }
}
