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
        // In one piece, as whatever reads along may see the first half of a key.
        console.print("""

                vantage-sync-state serves at http://localhost:%1$d, where a page shows every resource; it asks for a key.

                Paste this to call it. The samples of the README take the same variables.

                  export URL=http://localhost:%1$d
                  export READER_KEY=%2$s
                  export SERVICE_KEY=%3$s

                  curl -sS -X POST -H "apikey: $SERVICE_KEY" "$URL/sync-states/demo/start"
                  curl -sS -X POST -H "apikey: $SERVICE_KEY" "$URL/sync-states/demo/complete"
                  curl -sS -H "apikey: $READER_KEY" "$URL/sync-states"

                """.formatted(port, keys.reader(), keys.service()));
    }
}
