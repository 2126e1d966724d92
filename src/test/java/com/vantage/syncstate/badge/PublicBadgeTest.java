package com.vantage.syncstate.badge;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.ServiceInstance;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A badge at an address that nobody can guess, and who sees it. */
class PublicBadgeTest extends ApiTest {

    @Test
    void isShownToEverybodyAtAnAddressThatTheServiceKeyLists() {
        Set<String> codes = new HashSet<>();
        for (JsonNode addresses : service.get("/badges").json()) {
            String resource = addresses.get("resource").asString();
            Response svg = anonymous.get(path(addresses, "svg"));
            Response json = anonymous.get(path(addresses, "json"));

            assertThat(svg.status()).isEqualTo(200);
            assertThat(svg.body())
                    .isEqualTo(reader.get("/sync-states/" + resource + "/badge.svg")
                            .body());
            assertThat(json.json())
                    .isEqualTo(reader.get("/sync-states/" + resource + "/badge.json")
                            .json());
            assertThat(anonymous
                            .with("If-None-Match", svg.header("ETag").orElseThrow())
                            .get(path(addresses, "svg"))
                            .status())
                    .isEqualTo(304);
            codes.add(code(addresses));
        }

        assertThat(codes).hasSize(3).allSatisfy(code -> assertThat(code).hasSize(22));
    }

    @Test
    void isListedWithWholeAddressesAndMarkdownToPaste() {
        JsonNode addresses = service.get("/badges").json().get(0);
        String svg = addresses.get("svg").asString();

        assertThat(svg).startsWith(service.base() + "/badges/").endsWith("/accounts.svg");
        assertThat(addresses.get("json").asString())
                .startsWith(service.base() + "/badges/")
                .endsWith("/accounts.json");
        assertThat(addresses.get("markdown").asString()).isEqualTo("![accounts](" + svg + ")");
    }

    @Test
    void isListedWithoutRegardToForwardedHeadersThatNobodyConfigured() {
        JsonNode listed = service.with("X-Forwarded-Proto", "https")
                .with("X-Forwarded-Host", "elsewhere.example.com")
                .get("/badges")
                .json();

        assertThat(listed.get(0).get("svg").asString()).startsWith(service.base());
    }

    @Test
    void isListedWithTheAddressOfAProxyThatIsConfigured() {
        try (var behind = ServiceInstance.on(database, "--server.forward-headers-strategy=framework")) {
            JsonNode listed = behind.api()
                    .with("X-Forwarded-Proto", "https")
                    .with("X-Forwarded-Host", "sync.example.com")
                    .with("X-Forwarded-Prefix", "/state")
                    .get("/badges")
                    .json();

            assertThat(listed.get(0).get("svg").asString()).startsWith("https://sync.example.com/state/badges/");
        }
    }

    @Test
    void isListedUnderATag() {
        String tag = service.get("/badges").header("ETag").orElseThrow();

        assertThat(service.with("If-None-Match", tag).get("/badges").status()).isEqualTo(304);
    }

    @Test
    void keepsItsAddressOverTheLifeOfTheResource() {
        String before = address("accounts");

        service.post("/sync-states/accounts/start");

        assertThat(address("accounts")).isEqualTo(before);
        assertThat(anonymous.get(before).body()).contains("running");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/badges/AAAAAAAAAAAAAAAAAAAAAA/accounts.svg",
                "/badges/AAAAAAAAAAAAAAAAAAAAAA/accounts.json",
                "/badges/AAAAAAAAAAAAAAAAAAAAAA/nope.svg",
                "/badges/accounts/accounts.svg",
                "/badges/x/%3Cscript%3E.svg",
                "/badges/x/accounts.png",
                "/badges/",
                "/badges/x",
            })
    void givesNothingAwayToWhoGuesses(String path) {
        Response refused = anonymous.get(path);

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.problem()).isEqualTo("not-found");
        assertThat(refused.json().has("resource")).isFalse();
    }

    @Test
    void opensNoOtherBadgeAndNothingElseByOneCode() {
        String code = address("accounts").split("/", -1)[2];
        String gone = address("funds");

        service.delete("/sync-states/funds");

        assertThat(anonymous.get("/badges/" + code + "/cashflows.svg").status()).isEqualTo(404);
        assertThat(anonymous.get(gone).status()).isEqualTo(404);
        assertThat(anonymous.key(code).get("/sync-states/accounts").status()).isEqualTo(401);
        assertThat(reader.get("/badges").status()).isEqualTo(403);
    }

    private String address(String resource) {
        for (JsonNode addresses : service.get("/badges").json()) {
            if (addresses.get("resource").asString().equals(resource)) {
                return path(addresses, "svg");
            }
        }
        throw new AssertionError("No address of " + resource);
    }

    private static String code(JsonNode addresses) {
        return path(addresses, "svg").split("/", -1)[2];
    }

    private static String path(JsonNode addresses, String form) {
        return URI.create(addresses.get(form).asString()).getPath();
    }
}
