package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;

/** The service on a database of its own, with the three known resources as never run before each test. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = ApiTest.OnTestDatabase.class)
public abstract class ApiTest {

    protected static final String READER_KEY = "a-reader-key";
    protected static final String SERVICE_KEY = "a-service-key";
    protected static final String PING_KEY = "a-key-for-pings-alone";
    protected static final String JWT_SECRET = "a secret of more than thirty-two bytes, for tests";

    @LocalServerPort
    private int port;

    @Autowired
    protected Address database;

    /** Nobody. */
    protected ApiClient anonymous;

    protected ApiClient reader;
    protected ApiClient service;

    @BeforeEach
    void callersAndFreshStates() {
        anonymous = ApiClient.at("http://127.0.0.1:" + port);
        reader = anonymous.key(READER_KEY);
        service = anonymous.key(SERVICE_KEY);
        freshStates();
    }

    /**
     * Only the resources that are known from the start, with no run; watched all the time, whatever else ran since this
     * service did.
     */
    protected final void freshStates() {
        database.execute("""
                delete from public.vantage_sync_state;
                insert into public.vantage_sync_state (resource) values ('accounts'), ('funds'), ('cashflows');
                update public.vantage_watch set evaluated_at = clock_timestamp();
                update public.vantage_sync_setting set unwatched = '{}';
                """);
    }

    /** Points the service at a new database. */
    static class OnTestDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            Address address = TestDatabase.create();
            context.getBeanFactory().registerSingleton("testDatabase", address);
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "test database",
                            Map.of(
                                    "spring.datasource.url",
                                    address.url(),
                                    "spring.datasource.username",
                                    address.username(),
                                    "spring.datasource.password",
                                    address.password(),
                                    "vantage.keys.reader",
                                    READER_KEY,
                                    "vantage.keys.service",
                                    SERVICE_KEY,
                                    "vantage.keys.ping",
                                    PING_KEY,
                                    "vantage.jwt.secret",
                                    JWT_SECRET)));
        }
    }
}
