package com.vantage.syncstate.badge;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import java.io.StringReader;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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
        "2 hours 10 minutes, stuck 2 h",
        "31 minutes, stuck 31 min",
        "3 days, stuck 3 days",
    })
    void saysForHowLongARunIsStuck(String ago, String message) {
        service.post("/sync-states/accounts/start");
        since("started_at", ago);

        assertThat(badge("accounts")).isEqualTo("accounts: " + message + ", red");
    }

    @Test
    void countsFromTheLastSignOfLifeOfAStuckRun() {
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/progress");
        since("started_at", "5 hours");
        database.execute("""
                update public.vantage_sync_state
                set progress = jsonb_set(progress, '{at}', to_jsonb(public.vantage_sync_time_text(now() - interval '1 hour')))
                where resource = 'accounts'
                """);

        assertThat(badge("accounts")).isEqualTo("accounts: stuck 1 h, red");
    }

    @Test
    void saysThatASuccessIsStale() {
        succeeded("26 hours", "24 hours");

        assertThat(badge("accounts")).isEqualTo("accounts: stale, synced 26 h ago, orange");
    }

    @Test
    void saysThatARunGoesOnWithoutAnySuccess() {
        service.post("/sync-states/accounts/start");
        since("created_at", "25 hours");

        assertThat(badge("accounts")).isEqualTo("accounts: stale, never synced, orange");
    }

    @Test
    void saysHowLongASlowRunTook() {
        database.execute("""
                update public.vantage_sync_state
                set last_sync_status = 'success', started_at = now() - interval '13 minutes 10 seconds',
                  completed_at = now() - interval '1 minute', last_sync_time = now() - interval '1 minute'
                where resource = 'accounts'
                """);

        assertThat(badge("accounts")).isEqualTo("accounts: slow, took 12 min, orange");
    }

    @Test
    void isDecidedByTheWorstAlert() {
        succeeded("26 hours", "24 hours");
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/fail");

        assertThat(badge("accounts")).isEqualTo("accounts: failed, red");
    }

    @Test
    void saysWhereTheClockWasWrongNoLengthThatIsNone() {
        Badge stale = Badge.of(
                "accounts",
                new Badge.Facts("success", Duration.ofDays(-3), null, AlertKind.STALE, Duration.ofDays(-3)));
        Badge stuck =
                Badge.of("accounts", new Badge.Facts("running", null, null, AlertKind.STUCK, Duration.ofDays(-3)));

        assertThat(stale.message()).isEqualTo("stale");
        assertThat(stuck.message()).isEqualTo("stuck");
    }

    @ParameterizedTest
    @EnumSource
    void hasAColourOfItsOwnInThePicture(BadgeColor color) {
        String picture = BadgeSvg.draw(new Badge(1, "accounts", "message", color));

        assertThat(EnumSet.complementOf(EnumSet.of(color)))
                .noneMatch(other -> BadgeSvg.draw(new Badge(1, "accounts", "message", other))
                        .equals(picture));
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
        succeeded(ago, "3650 days");

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
        String svg = BadgeSvg.draw(new Badge(1, "<script>\"'&", "]]></svg>%s", BadgeColor.RED));

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

    /** Makes accounts have synced so long ago, and lets it be stale after so long. */
    private void succeeded(String ago, String staleAfter) {
        database.execute("""
                update public.vantage_sync_state
                set last_sync_status = 'success', started_at = now() - interval '%1$s', completed_at = now() - interval '%1$s',
                  last_sync_time = now() - interval '%1$s', stale_after = interval '%2$s'
                where resource = 'accounts'
                """.formatted(ago, staleAfter));
    }

    private void since(String column, String ago) {
        database.execute("""
                update public.vantage_sync_state
                set %s = now() - interval '%s'
                where resource = 'accounts'
                """.formatted(column, ago));
    }

    /** Of an address, which begins with that of the service. */
    private String badge(String resource) {
        JsonNode badge = reader.get("/sync-states/" + resource + "/badge.json").json();
        return badge.get("label").asString() + ": " + badge.get("message").asString() + ", "
                + badge.get("color").asString();
    }
}
