package com.vantage.syncstate.support;

import com.vantage.syncstate.VantageSyncStateApplication;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** One of any number of services on one database. */
public record ServiceInstance(ConfigurableApplicationContext context, ApiClient api) implements AutoCloseable {

    public static final String KEY = "key";

    public static ServiceInstance on(Address database, String... more) {
        return on(database, 0, more);
    }

    /** At a port of the caller's choice; 0 for any that is free. */
    public static ServiceInstance on(Address database, int port, String... more) {
        List<String> settings = new ArrayList<>(List.of(
                "--server.port=" + port,
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--vantage.keys.service=" + KEY));
        settings.addAll(List.of(more));
        var context = SpringApplication.run(VantageSyncStateApplication.class, settings.toArray(String[]::new));
        return new ServiceInstance(
                context, ApiClient.at("http://127.0.0.1:" + portOf(context)).key(KEY));
    }

    public int port() {
        return portOf(context);
    }

    private static int portOf(ConfigurableApplicationContext context) {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    @Override
    public void close() {
        context.close();
    }
}
