package com.vantage.syncstate.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The keys of docker-compose.yml are published, and so are in every page's hands: as it stands, no page may use them. */
class ComposeOriginsTest {

    private static final Path COMPOSE = Path.of("docker-compose.yml");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:?-([^}]*)}");

    private static Map<String, String> settings;
    private static ServiceInstance service;

    @BeforeAll
    static void startAsComposeDoes() throws IOException {
        settings = environment();
        service = ServiceInstance.on(
                TestDatabase.create(),
                "--vantage.keys.service=" + setting("VANTAGE_KEYS_SERVICE"),
                "--vantage.keys.reader=" + setting("VANTAGE_KEYS_READER"),
                "--vantage.cors.allowed-origins=" + setting("VANTAGE_CORS_ALLOWED_ORIGINS"));
    }

    @AfterAll
    static void end() {
        service.close();
    }

    @Test
    void hasKeysThatArePublished() {
        assertThat(setting("VANTAGE_KEYS_SERVICE")).isNotEmpty();
        assertThat(key().delete("/sync-states/accounts").status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://elsewhere.example.com", "http://localhost:3000", "http://127.0.0.1", "null"})
    void refusesEveryOtherOrigin(String origin) {
        ApiClient page = ApiClient.at(service.api().base()).with("Origin", origin);
        for (String path : new String[] {"/sync-states/funds", "/rest/v1/vantage_sync_state?resource=eq.funds"}) {
            Response preflight = page.with("Access-Control-Request-Method", "DELETE")
                    .with("Access-Control-Request-Headers", "apikey")
                    .call("OPTIONS", path, BodyPublishers.noBody());
            Response call = key().with("Origin", origin).delete(path);
            Response read = key().with("Origin", origin).get(path);

            assertThat(preflight.status()).isEqualTo(403);
            assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(call.status()).isEqualTo(403);
            assertThat(read.status()).isEqualTo(403);
        }
        assertThat(key().get("/sync-states/funds").status()).isEqualTo(200);
    }

    @Test
    void takesCallsOfItsOwnPage() {
        assertThat(key().with("Origin", service.api().base())
                        .post("/sync-states/cashflows/start")
                        .status())
                .isEqualTo(200);
    }

    /** A browser sends such a request for an image, without an origin. */
    @Test
    void takesNoKeyFromAnAddress() {
        assertThat(ApiClient.at(service.api().base())
                        .get("/ping/" + setting("VANTAGE_KEYS_SERVICE") + "/funds/fail")
                        .status())
                .isEqualTo(404);
        assertThat(key().get("/sync-states/funds").text("last_sync_status")).isEqualTo("never_run");
    }

    /** Only programs on the same machine reach it. */
    @Test
    void listensOnLoopback() throws IOException {
        assertThat(Files.readString(COMPOSE).lines().filter(line -> line.matches("\\s+- \"[^\"]*:[0-9]+\"")))
                .isNotEmpty()
                .allMatch(line -> line.contains("\"127.0.0.1:"));
    }

    private static ApiClient key() {
        return ApiClient.at(service.api().base()).key(setting("VANTAGE_KEYS_SERVICE"));
    }

    private static String setting(String name) {
        Matcher variable = VARIABLE.matcher(settings.get(name));
        assertThat(variable.matches()).as(name).isTrue();
        return variable.group(1);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> environment() throws IOException {
        Map<String, Object> compose =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(COMPOSE));
        var services = (Map<String, Map<String, Object>>) compose.get("services");
        return (Map<String, String>) services.get("sync-state").get("environment");
    }
}
