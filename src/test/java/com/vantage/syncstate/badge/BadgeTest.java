package com.vantage.syncstate.badge;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

/** A state as a badge. */
class BadgeTest extends ApiTest {

    @Test
    void saysWhatTheStatusIs() {
        service.post("/sync-states/funds/start");
        service.post("/sync-states/cashflows/start");
        service.post("/sync-states/cashflows/fail", "{\"errors\": []}");

        assertThat(badge("accounts")).isEqualTo("accounts: never run, grey");
        assertThat(badge("funds")).isEqualTo("funds: running, yellow");
        assertThat(badge("cashflows")).isEqualTo("cashflows: failed, red");
    }

    @ParameterizedTest
    @CsvSource({
        "0 seconds, synced just now",
        "50 seconds, synced just now",
        "70 seconds, synced 1 min ago",
        "5 minutes 10 seconds, synced 5 min ago",
        "59 minutes 30 seconds, synced 59 min ago",
        "61 minutes, synced 1 h ago",
        "47 hours 30 minutes, synced 47 h ago",
        "49 hours, synced 2 days ago",
        "-1 hour, synced just now"
    })
    void saysHowLongAgoItSynced(String ago, String message) {
        database.execute("""
                update public.vantage_sync_state
                set last_sync_status = 'success', started_at = now() - interval '%1$s', completed_at = now() - interval '%1$s',
                  last_sync_time = now() - interval '%1$s'
                where resource = 'accounts'
                """.formatted(ago));

        assertThat(badge("accounts")).isEqualTo("accounts: " + message + ", green");
    }

    @Test
    void isInTheSchemaOfShields() {
        Response json = reader.get("/sync-states/accounts/badge.json");

        assertThat(json.json().propertyNames()).containsExactly("schemaVersion", "label", "message", "color");
        assertThat(json.json().get("schemaVersion").asInt()).isEqualTo(1);
    }

    @Test
    void isAPictureThatIsReadAloudAndHoldsItsText() throws Exception {
        service.put("/sync-states/a.rather-long_resource:NAME-with.128");
        Response picture = reader.with("Accept", "image/avif,image/*,*/*;q=0.8")
                .get("/sync-states/a.rather-long_resource:NAME-with.128/badge.svg");

        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(picture.body())));

        assertThat(picture.header("Content-Type").orElseThrow()).startsWith("image/svg+xml");
        assertThat(svg.getDocumentElement().getAttribute("aria-label"))
                .isEqualTo("a.rather-long_resource:NAME-with.128: never run");
        assertThat(svg.getElementsByTagName("text").item(1).getTextContent()).isEqualTo("never run");
        assertThat(Double.parseDouble(svg.getDocumentElement().getAttribute("width")))
                .isBetween(280.0, 310.0);
    }

    @Test
    void escapesWhateverItIsGiven() {
        String svg = BadgeSvg.draw(new Badge(1, "<script>\"'&", "]]></svg>%s", "red"));

        assertThat(svg).doesNotContain("<script>").doesNotContain("]]></svg>").contains("&lt;script&gt;", "%s");
    }

    @Test
    void isTheSameUntilItSaysSomethingElse() {
        for (String form : List.of("svg", "json")) {
            String path = "/sync-states/accounts/badge." + form;
            Response first = reader.get(path);
            String tag = first.header("ETag").orElseThrow();

            assertThat(first.header("Cache-Control")).hasValue("no-cache");
            assertThat(reader.with("If-None-Match", tag).get(path).status()).isEqualTo(304);
            service.post("/sync-states/accounts/start");
            assertThat(reader.with("If-None-Match", tag).get(path).status()).isEqualTo(200);
            service.post("/sync-states/accounts/complete", "{}");
        }
    }

    @Test
    void isRefusedWhereThereIsNoResource() {
        assertThat(reader.get("/sync-states/nope/badge.svg").problem()).isEqualTo("sync-state-not-found");
        assertThat(reader.get("/sync-states/nope/badge.json").problem()).isEqualTo("sync-state-not-found");
    }

    private String badge(String resource) {
        JsonNode badge = reader.get("/sync-states/" + resource + "/badge.json").json();
        return badge.get("label").asString() + ": " + badge.get("message").asString() + ", "
                + badge.get("color").asString();
    }
}
