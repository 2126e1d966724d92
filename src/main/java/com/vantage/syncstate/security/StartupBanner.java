package com.vantage.syncstate.security;

import java.io.PrintStream;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** Shows whoever started the service on its embedded database how to call it. */
final class StartupBanner {

    private StartupBanner() {}

    /** Prints to the console, not to the log: a key has no place in one. */
    static void print(PrintStream console, WebServerApplicationContext context, GeneratedKeys keys) {
        int port =
                context.getWebServer() == null ? 8080 : context.getWebServer().getPort();
        console.printf("""

                vantage-sync-state serves at http://localhost:%1$d

                  reader key   %2$s
                  service key  %3$s

                  curl -H 'apikey: %2$s' http://localhost:%1$d/sync-states
                  curl -X POST -H 'apikey: %3$s' http://localhost:%1$d/sync-states/accounts/start

                """, port, keys.reader(), keys.service());
    }
}
