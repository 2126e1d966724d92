package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.NodePackages;
import java.nio.file.Path;
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
import org.openqa.selenium.interactions.Actions;

/** The timeline, against runs that are known. */
@Tag("browser")
@Tag("node")
class DashboardTimelineTest extends ApiTest {

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
    void run() {
        past("accounts", "failed", 12, 10);
        past("accounts", "success", 6, 5);
        past("funds", "success", 30, 29);
    }

    @Test
    void showsWhenEachRanAndOpensTheRunThatIsPressed() {
        page.visitAs(anonymous.base(), READER_KEY);
        page.browser.get(anonymous.base() + "/?sort=resource");
        page.isLive();
        page.seen("#timeline-button").click();
        assertThat(page.browser.getCurrentUrl()).endsWith("/?sort=resource&timeline");
        loaded();

        // 11 of the last 24 hours ago, in the first lane.
        moveTo(0, 13);
        assertThat(page.seen(".tip").getText()).matches("accounts, .+ UTC: failed, took 2 h");
        page.picture("timeline");

        new Actions(page.browser).click().perform();
        await().atMost(DashboardPage.SOON)
                .untilAsserted(
                        () -> assertThat(page.text(".chosen-run")).contains("Chosen run", "Failed", "1 error", "b"));
        assertThat(page.text("#resource-name")).isEqualTo("accounts");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void canBeReadAndMovedByKeysAlone() {
        page.visitAs(anonymous.base(), READER_KEY);
        page.browser.get(anonymous.base() + "/?sort=resource");
        page.isLive();
        page.seen("body").sendKeys("t");
        loaded();
        assertThat(page.browser.switchTo().activeElement()).isEqualTo(canvas());

        canvas().sendKeys("n");
        said("accounts, .+ UTC: success, took 60 min");
        canvas().sendKeys("p");
        said("accounts, .+ UTC: failed, took 2 h");
        canvas().sendKeys(Keys.ARROW_DOWN);
        said("cashflows, 0 runs");
        canvas().sendKeys(Keys.ARROW_DOWN, "n");
        said("funds, .+ UTC: success, took 60 min");

        // Two days are more than the day that was loaded.
        canvas().sendKeys("-", Keys.ARROW_LEFT, "+");
        canvas().sendKeys(Keys.ENTER);
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".chosen-run")).contains("Success"));
        assertThat(page.text("#resource-name")).isEqualTo("funds");
    }

    @Test
    void growsWithWhatHappens() {
        page.visitAs(anonymous.base(), READER_KEY);
        page.browser.get(anonymous.base() + "/?timeline&q=cashflows");
        page.isLive();
        loaded();
        page.browser.executeScript("document.querySelector('#timeline canvas').focus()");

        service.post("/sync-states/cashflows/start");
        saysAfterKey("cashflows, .+ UTC: running, for .+");
        service.post("/sync-states/cashflows/complete");
        saysAfterKey("cashflows, .+ UTC: success, took .+");
    }

    @Test
    void marksWhatWasMissedUntilItIsMet() {
        missed("funds", 11);
        page.visitAs(anonymous.base(), READER_KEY);
        page.browser.get(anonymous.base() + "/?timeline&q=funds");
        page.isLive();
        loaded();
        assertThat(page.text("#timeline .legend")).contains("Failed", "Missed, of the last 7 days");

        String text =
                "funds, .+ UTC: missed, due at \\d\\d:\\d\\d \\(\\+05:30\\) by its schedule, to be done by .+ UTC";
        await().atMost(DashboardPage.SOON).untilAsserted(() -> {
            moveTo(0, 13);
            assertThat(page.seen(".tip").getText()).matches(text);
        });
        page.picture("timeline-missed");
        page.browser.executeScript("document.querySelector('#timeline canvas').focus()");
        canvas().sendKeys(Keys.ARROW_DOWN);
        said("funds, 1 run, 1 missed");
        canvas().sendKeys("n");
        said(text);

        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/complete");
        await().atMost(DashboardPage.SOON).untilAsserted(() -> {
            canvas().sendKeys(Keys.ARROW_DOWN);
            assertThat(page.text("#announcement")).isEqualTo("funds, 2 runs");
        });
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void saysWhereWhatWasMissedCannotBeLoaded() {
        page.visitAs(anonymous.base(), READER_KEY);
        database.execute("alter function public.missed_vantage_syncs(timestamptz) rename to away");
        try {
            page.browser.get(anonymous.base() + "/?timeline");
            page.isLive();

            await().atMost(DashboardPage.SOON)
                    .untilAsserted(
                            () -> assertThat(page.text("#timeline .hint")).isNotEmpty());
        } finally {
            database.execute("alter function public.away(timestamptz) rename to missed_vantage_syncs");
        }
    }

    @Test
    void keepsNobodyOutAtAnyWidthOrColour() {
        page.visitAs(anonymous.base(), READER_KEY);
        page.browser.get(anonymous.base() + "/?timeline");
        page.isLive();
        loaded();

        for (String scheme : List.of("light", "dark")) {
            page.prefer(scheme);
            page.narrow();
            assertThat(page.overflows()).isEmpty();
            assertThat(page.barriers()).as(scheme + ", narrow").isEmpty();
            page.picture("timeline-390-" + scheme);
            page.wide();
            assertThat(page.barriers()).as(scheme).isEmpty();
        }
        page.prefer("light");
        assertThat(page.complaints()).isEmpty();
    }

    private static void said(String pattern) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#announcement")).matches(pattern));
    }

    private static void saysAfterKey(String pattern) {
        await().atMost(DashboardPage.SOON).untilAsserted(() -> {
            canvas().sendKeys("n");
            assertThat(page.text("#announcement")).matches(pattern);
        });
    }

    /** Points at an hour of the 24, in a lane. */
    private static void moveTo(int lane, int hour) {
        List<?> place = (List<?>) page.browser.executeScript("""
                const box = document.querySelector('#timeline canvas').getBoundingClientRect();
                const [lane, hour] = arguments;
                return [Math.round(box.left + 180 + ((box.width - 180) * hour) / 24), Math.round(box.top + 22 * lane + 33)];
                """, lane, hour);
        new Actions(page.browser)
                .moveToLocation(((Long) place.get(0)).intValue(), ((Long) place.get(1)).intValue())
                .perform();
    }

    private static WebElement canvas() {
        return page.browser.findElement(By.cssSelector("#timeline canvas"));
    }

    private static void loaded() {
        page.seen("#timeline canvas");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#timeline .hint")).isEmpty());
    }

    /** Due so many hours ago, by a clock in India. */
    private void missed(String resource, int hours) {
        service.put(
                "/sync-states/" + resource,
                "{\"expect\": {\"cron\": \"0 5 * * *\", \"time_zone\": \"Asia/Kolkata\", \"grace\": \"1h\"}}");
        database.execute("""
                insert into public.vantage_sync_due (resource, due_at, counts_from, deadline)
                select '%s', d.at, d.at - interval '1 hour', d.at + interval '1 hour'
                from (select now() - interval '%d hours' as at) as d
                """.formatted(resource, hours));
    }

    /** A run that began and ended so many hours ago; of one resource, the earlier ones first. */
    private void past(String resource, String status, int began, int ended) {
        database.execute("""
                update public.vantage_sync_state
                set last_sync_status = '%2$s', started_at = now() - interval '%3$d hours',
                  completed_at = now() - interval '%4$d hours', last_sync_time = now() - interval '%4$d hours',
                  run_id = gen_random_uuid(),
                  errors = case when '%2$s' = 'failed' then '[{"code": "A", "message": "b"}]'::jsonb else '[]' end
                where resource = '%1$s'
                """.formatted(resource, status, began, ended));
    }
}
