package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.Evaluation;
import com.vantage.syncstate.support.NodePackages;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What the page says of incidents: who takes care of them, why they are, what is next, and whether anybody is notified. */
@Tag("browser")
@Tag("node")
class DashboardIncidentsTest extends ApiTest {

    private static final String TIMEOUT = "{\"code\": \"API_TIMEOUT\", \"message\": \"No answer within 30 s\"}";
    private static final String MARKUP = "<img src=x onerror=\"window.pwned = true\">";

    @TempDir
    private static Path profile;

    private static DashboardPage page;

    @BeforeAll
    static void openBrowser() {
        NodePackages.install();
        page = new DashboardPage(profile);
    }

    @AfterAll
    static void closeBrowser() {
        page.close();
    }

    @BeforeEach
    void letNothingBeWrong() {
        database.execute("""
                update public.vantage_sync_state
                set last_sync_status = 'success', last_sync_time = now(), started_at = now(), completed_at = now();
                delete from public.vantage_mute;
                delete from public.vantage_channel;
                """);
        Evaluation.of(database);
        database.execute("delete from public.vantage_incident; delete from public.vantage_incident_event");
    }

    @Test
    void showsOpenIncidentsAsTheyComeAndGo() {
        page.visitAs(anonymous.base(), READER_KEY);
        assertThat(page.browser.findElement(By.id("incidents")).isDisplayed()).isFalse();

        fail("funds", TIMEOUT);
        Evaluation.of(database);
        summary("1 open incident: 1 error");
        page.seen("#incidents summary").click();
        assertThat(page.seen(".incidents li").getText())
                .contains("error", "funds", "failed", "since ", "failed with API_TIMEOUT \"No answer within 30 s\"");

        succeed("funds");
        Evaluation.of(database);
        await().atMost(DashboardPage.SOON)
                .until(() -> !page.browser.findElement(By.id("incidents")).isDisplayed());
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void acknowledgesWithAServiceKeyAndByKeysAlone() {
        fail("funds", TIMEOUT);
        Evaluation.of(database);
        page.visitAs(anonymous.base(), SERVICE_KEY);
        summary("1 open incident: 1 error");
        page.seen("#incidents summary").sendKeys(Keys.ENTER);
        page.seen(".incidents .acknowledgement button").sendKeys(Keys.ENTER);

        focused().sendKeys("Ada", Keys.TAB);
        focused().sendKeys("The source is down", Keys.ENTER);

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".incidents .acknowledged"))
                        .matches("Acknowledged by Ada .+: The source is down"));
        summary("1 open incident: 1 error, 1 acknowledged");
        row("funds", " · acknowledged by Ada");
        assertThat(page.browser.findElements(By.cssSelector(".incidents form"))).isEmpty();
        page.open("funds");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".explanation")).contains("funds is red since "));
        assertThat(page.text(".resource-incident"))
                .contains("error Incident since ", "Acknowledged by Ada", ": The source is down");
        // Once is enough.
        assertThat(page.text(".explanation")).doesNotContain("Acknowledged");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void offersAReaderNothingThatWouldBeRefused() {
        fail("funds", TIMEOUT);
        Evaluation.of(database);
        page.visitAs(anonymous.base(), READER_KEY);
        page.seen("#incidents summary").click();
        page.seen(".incidents li");
        page.open("funds");

        assertThat(page.seen(".resource-incident").getText()).contains("Incident since");
        assertThat(page.browser.findElements(By.cssSelector(".acknowledgement button")))
                .hasSize(2)
                .noneMatch(WebElement::isDisplayed);

        String incident = reader.get("/incidents?open=true&resource=funds")
                .json()
                .at("/incidents/0/incident_id")
                .asString();
        service.post("/incidents/" + incident + "/acknowledge", "{\"by\": \"Grace\"}");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".resource-incident")).contains("Acknowledged by Grace"));
    }

    @Test
    void saysWhyAnAcknowledgementIsRefused() {
        fail("funds", TIMEOUT);
        Evaluation.of(database);
        page.visitAs(anonymous.base(), SERVICE_KEY);
        page.open("funds");
        page.seen(".resource-incident .acknowledgement button").click();
        // The page learns of what is deleted from its events.
        database.execute("delete from public.vantage_incident; delete from public.vantage_incident_event");

        focused().sendKeys(Keys.ENTER);

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() ->
                        assertThat(page.text(".resource-incident [role=alert]")).startsWith("There is no incident "));
        assertThat(page.seen(".resource-incident form button[type=submit]").isEnabled())
                .isTrue();
    }

    @Test
    void explainsAResourceAndGivesTheNextCommandWithoutASecondClick() {
        succeed("funds");
        fail("funds", TIMEOUT);
        String explained = reader.with("Accept", "text/plain")
                .get("/sync-states/funds/explanation")
                .body();
        page.visitAs(anonymous.base(), READER_KEY);

        String next =
                explained.substring(explained.indexOf("Next: ") + 6).strip().replace("$URL", anonymous.base());
        row("funds", "API_TIMEOUT No answer within 30 s", next);
        WebElement copy = page.seen("#rows .next button");
        assertThat(copy.getDomAttribute("aria-label")).isEqualTo("Copy the command: What failed, run by run");
        copy.click();
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#announcement")).isEqualTo("Copied"));
        assertThat(page.browser.findElements(By.cssSelector("dialog[open]"))).isEmpty();

        page.open("funds");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".explanation"))
                        .contains(
                                "funds is red since ",
                                "It is the first failure in a row",
                                "Data is as of ",
                                "started · ",
                                next));
        assertThat(page.browser.findElement(By.cssSelector(".drawer-alerts")).isDisplayed())
                .isFalse();

        succeed("funds");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".explanation")).startsWith("funds is green: "));
        assertThat(page.row("funds")).doesNotContain("curl");
    }

    @Test
    void listsMutesWithTheirEnd() {
        service.post("/mutes", """
                {"resources": ["fund*", "prices"], "kinds": ["stale"], "until": "%s", "by": "Ada", "note": "It moves"}
                """.formatted(java.time.Instant.now().plusSeconds(7_300)));
        page.visitAs(anonymous.base(), READER_KEY);

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".mutes summary"))
                        .isEqualTo("1 mute: nobody is notified of these resources"));
        page.seen(".mutes summary").click();
        assertThat(page.seen(".mutes li").getText())
                .matches("fund\\*, prices: stale until .+ UTC, in 2 h.* · by Ada: It moves");
    }

    @Test
    void saysThatAlertsAreEvaluatedLateAndThatAChannelDeliversNothing() throws SQLException {
        database.execute("""
                insert into public.vantage_channel (name, kind, is_grouped, min_severity, failures, failing_since, last_error)
                values ('ops', 'slack', true, 'warning', 3, now() - interval '20 minutes', 'The receiver answered 503 %s')
                """.formatted(MARKUP));
        Evaluation.ofChannels(database);
        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            // As an instance would that has begun to evaluate, and hangs.
            try (var statement = connection.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(hashtextextended('public.vantage_incident', 0))");
            }
            database.execute("update public.vantage_watch set evaluated_at = now() - interval '3 minutes'");
            page.visitAs(anonymous.base(), READER_KEY);

            await().atMost(DashboardPage.SOON)
                    .untilAsserted(() -> assertThat(page.text("#watch"))
                            .contains(
                                    "Alerts were last evaluated at ",
                                    "The channel ops has delivered nothing since ",
                                    "The receiver answered 503",
                                    "POST /channels/ops/test"));
            assertThat(page.overflows()).isEmpty();
            assertThat(page.barriers()).isEmpty();
            page.picture("watch");
        }
        assertThat(page.browser.findElement(By.id("incidents")).isDisplayed()).isFalse();

        database.execute("update public.vantage_channel set failures = 0, failing_since = null, last_error = null");
        Evaluation.ofChannels(database);
        await().atMost(DashboardPage.SOON.multipliedBy(2))
                .until(() -> !page.browser.findElement(By.id("watch")).isDisplayed());
    }

    @Test
    void takesWhateverIsNotedForTextAtAnyWidthOrColour() {
        String hostile = MARKUP + "\u202Eright to left\u202C " + "x".repeat(100);
        fail("funds", TIMEOUT);
        fail("accounts", TIMEOUT);
        Evaluation.of(database);
        String incident = reader.get("/incidents?open=true&resource=funds")
                .json()
                .at("/incidents/0/incident_id")
                .asString();
        service.post(
                "/incidents/" + incident + "/acknowledge",
                "{\"by\": \"%1$s\", \"note\": \"%1$s\"}".formatted(hostile.replace("\"", "\\\"")));
        assertThat(reader.get("/incidents/" + incident)
                        .json()
                        .at("/acknowledged/by")
                        .asString())
                .isEqualTo(hostile);
        service.post(
                "/mutes",
                "{\"resources\": [\"%s\"], \"until\": \"%s\", \"by\": \"%3$s\", \"note\": \"%3$s\"}"
                        .formatted(
                                "f".repeat(100) + "*",
                                java.time.Instant.now().plusSeconds(600),
                                hostile.replace("\"", "\\\"")));
        page.visitAs(anonymous.base(), SERVICE_KEY);
        summary("2 open incidents: 2 errors, 1 acknowledged");
        page.browser.executeScript(
                "document.querySelectorAll('#incidents details').forEach((each) => each.open = true)");
        page.seen(".incidents .acknowledgement button").click();

        assertThat(page.text(".incidents li:last-child .acknowledged")).contains(MARKUP);
        assertThat(page.text(".mutes li")).contains(MARKUP);
        for (String scheme : List.of("light", "dark")) {
            page.prefer(scheme);
            for (boolean narrow : new boolean[] {false, true}) {
                if (narrow) {
                    page.narrow();
                }
                assertThat(page.overflows()).isEmpty();
                assertThat(page.barriers())
                        .as(scheme + (narrow ? ", narrow" : ""))
                        .isEmpty();
                page.picture("incidents-" + (narrow ? "390-" : "1280-") + scheme);
                page.wide();
            }
        }
        assertThat(page.browser.findElements(By.cssSelector("main img"))).isEmpty();
        assertThat(page.browser.executeScript("return window.pwned === undefined"))
                .isEqualTo(true);
        assertThat(page.complaints()).isEmpty();
    }

    private static void summary(String text) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".incidents summary")).isEqualTo(text));
    }

    private static void row(String resource, String... texts) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.row(resource)).contains(texts));
    }

    private static WebElement focused() {
        return page.browser.switchTo().activeElement();
    }

    private void fail(String resource, String error) {
        end(resource, "fail", "{\"errors\": [" + error + "]}");
    }

    private void succeed(String resource) {
        end(resource, "complete", "{\"records_synced\": 10}");
    }

    private void end(String resource, String call, String body) {
        service.post("/sync-states/" + resource + "/start");
        assertThat(service.post("/sync-states/" + resource + "/" + call, body).status())
                .isEqualTo(200);
    }
}
