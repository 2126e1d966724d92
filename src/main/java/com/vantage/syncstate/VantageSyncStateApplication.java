package com.vantage.syncstate;

import java.security.Security;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class VantageSyncStateApplication {

    public static void main(String[] args) {
        // A database that moved or came back is found at once: Java remembers an address for 30 s and a failure for 10
        // s.
        Security.setProperty("networkaddress.cache.ttl", "5");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        SpringApplication.run(VantageSyncStateApplication.class, args);
    }
}
