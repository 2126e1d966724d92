package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.NodePackages;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** What of the resources the page shows, and how: by address, by keys, on a wall, and where nothing has happened yet. */
@Tag("browser")
@Tag("node")
class DashboardViewTest extends ApiTest {

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

    @Test
    void opensTheSameViewByItsAddress() {
        sync("accounts", 5);
        sync("cashflows", 50);
        sync("prices", 500);
        page.visitAs(anonymous.base(), READER_KEY);

        page.seen("th[data-sort=records_synced] button").click();
        page.seen("#filter").sendKeys("s");
        page.seen(".chip.success").click();
        assertThat(page.resources()).containsExactly("prices", "cashflows", "accounts");
        page.open("accounts");
        String address = page.browser.getCurrentUrl();
        page.browser.get(anonymous.base() + "/dashboard/icon.svg");
        page.browser.get(address);
        page.isLive();

        assertThat(address).endsWith("/?q=s&show=success&sort=-records_synced#/accounts");
        await().atMost(DashboardPage.SOON)
                .until(() -> page.text("#resource-name").equals("accounts"));
        page.browser
                .findElement(By.cssSelector("dialog[open] [aria-label=Close]"))
                .click();
        assertThat(page.resources()).containsExactly("prices", "cashflows", "accounts");
        assertThat(page.browser.getCurrentUrl()).endsWith("/?q=s&show=success&sort=-records_synced");
        assertThat(page.seen("th[data-sort=records_synced]").getDomAttribute("aria-sort"))
                .isEqualTo("descending");

        page.seen("th[data-sort=records_synced] button").click();
        assertThat(page.resources()).containsExactly("accounts", "cashflows", "prices");
        page.seen("th[data-sort=records_synced] button").click();
        assertThat(page.browser.getCurrentUrl()).endsWith("/?q=s&show=success");
    }

    @Test
    void showsOnAWallWhatNeedsAttentionAndNothingElse() {
        for (String resource : List.of("accounts", "cashflows", "funds")) {
            sync(resource, 1);
        }
        page.visitAs(anonymous.base(), READER_KEY);
        page.browser.get(anonymous.base() + "/?wall");
        page.isLive();

        assertThat(page.seen("#all-well").getText()).isEqualTo("All well: 3 resources, no alert");
        page.picture("wall-well");
        assertThat(page.barriers()).isEmpty();

        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/fail", "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.resources()).containsExactly("funds"));
        assertThat(page.browser.findElement(By.id("all-well")).isDisplayed()).isFalse();
        for (String control : List.of("filter", "groups", "sort", "theme", "zone", "keys", "sign-out")) {
            assertThat(page.browser.findElement(By.id(control)).isDisplayed())
                    .as(control)
                    .isFalse();
        }
        page.picture("wall");
        page.narrow();
        assertThat(page.overflows()).isEmpty();
        page.wide();
        page.prefer("dark");
        assertThat(page.barriers()).isEmpty();

        press(Keys.ESCAPE);
        assertThat(page.resources()).containsExactly("funds", "accounts", "cashflows");
        assertThat(page.browser.getCurrentUrl()).endsWith("/");
    }

    @Test
    void sortsByEveryColumn() {
        sync("accounts", 5);
        page.visitAs(anonymous.base(), READER_KEY);
        assertThat(page.browser.findElements(By.cssSelector("#resources thead th:not(.hidden):not([data-sort])")))
                .isEmpty();

        page.seen("th[data-sort=last_sync_status] button").click();
        assertThat(page.resources()).containsExactly("cashflows", "funds", "accounts");
        assertThat(page.browser.getCurrentUrl()).endsWith("/?sort=last_sync_status");
        page.seen("th[data-sort=last_sync_status] button").click();
        assertThat(page.resources()).containsExactly("accounts", "cashflows", "funds");
    }

    @Test
    void groupsByPrefixWithTheMostUrgentGroupFirst() {
        for (String resource : List.of("rates-ecb", "prices-eu", "prices-us")) {
            sync(resource, 1);
        }
        page.visitAs(anonymous.base(), READER_KEY);
        service.post("/sync-states/prices-us/start");
        service.post("/sync-states/prices-us/fail");
        // What shows above the button would move it from under the pointer.
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#alert-list")).contains("prices-us"));
        page.seen("#grouped").click();

        await().atMost(DashboardPage.SOON)
                .untilAsserted(
                        () -> assertThat(page.text("#rows tr:first-child")).isEqualTo("prices: 2 resources, 1 failed"));
        assertThat(page.resources()).startsWith("prices-us", "prices-eu").contains("rates-ecb", "funds");
        assertThat(page.browser.findElements(By.cssSelector("#rows .group"))).hasSize(1);
        assertThat(page.browser.getCurrentUrl()).endsWith("/?grouped");
        assertThat(page.barriers()).isEmpty();

        page.seen("#filter").sendKeys("funds");
        await().atMost(DashboardPage.SOON)
                .until(() -> !page.browser
                        .findElement(By.cssSelector("#rows .group"))
                        .isDisplayed());
        page.seen("#grouped").click();
        assertThat(page.browser.findElements(By.cssSelector("#rows .group"))).isEmpty();
    }

    @Test
    void showsAResourceOnAPageOfItsOwn() {
        sync("funds", 1);
        sync("funds", 2);
        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/fail", "{\"errors\": []}");
        page.visitAs(anonymous.base(), READER_KEY);
        page.open("funds");

        page.seen("dialog [aria-label='Whole page']").click();
        assertThat(page.browser.getCurrentUrl()).endsWith("/#/funds/page");
        page.browser.navigate().refresh();
        page.isLive();

        await().atMost(DashboardPage.SOON)
                .until(() -> page.seen(".drawer").getSize().getWidth() > 1_200);
        assertThat(page.text("#resource-name")).isEqualTo("funds");
        assertThat(page.seen(".chart canvas").getDomAttribute("aria-label"))
                .matches("The last 3 runs: 2 success, 1 failed; the longest took .+; Usual: .+; Slow after: 5 min");
        assertThat(page.browser
                        .findElements(By.cssSelector(".chart canvas"))
                        .get(1)
                        .getDomAttribute("aria-label"))
                .isEqualTo("Records of the last 3 runs: 0 to 2");
        assertThat(page.barriers()).isEmpty();
        page.picture("resource-page");

        chooseOutcome("failed");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() ->
                        assertThat(page.text(".runs tbody")).contains("Failed").doesNotContain("Success"));
        chooseOutcome("abandoned");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".drawer")).contains("No run ended so."));

        page.seen("dialog [aria-label='Whole page']").click();
        assertThat(page.browser.getCurrentUrl()).endsWith("/#/funds");
    }

    @Test
    void showsTimesByTheClockOfWhoeverLooksWhereTheyWantThat() {
        page.browser.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Kolkata"));
        sync("funds", 1);
        page.visitAs(anonymous.base(), READER_KEY);
        page.open("funds");
        assertThat(page.text(".drawer")).contains("All times are UTC.");
        assertThat(page.text(".facts")).containsPattern("Started.*\\([0-9:]+ UTC\\)");
        page.browser.switchTo().activeElement().sendKeys(Keys.ESCAPE);

        press("z");
        page.browser.navigate().refresh();
        page.isLive();
        page.open("funds");

        assertThat(page.text(".drawer")).contains("All times are Asia/", "Started (Asia/");
        assertThat(page.text(".facts")).containsPattern("Started.*GMT\\+5:30\\)");
        page.browser.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", ""));
    }

    @Test
    void listsItsKeysAndObeysThem() {
        page.visitAs(anonymous.base(), READER_KEY);

        press("?");
        assertThat(page.seen("#help").getText()).contains("Filter by name", "Wall mode");
        assertThat(page.barriers()).isEmpty();
        press(Keys.ESCAPE);
        await().until(() -> !page.browser.findElement(By.id("help")).isDisplayed());

        press("j");
        press("j");
        assertThat(page.browser.switchTo().activeElement().getText()).isEqualTo("cashflows");
        press("k");
        assertThat(page.browser.switchTo().activeElement().getText()).isEqualTo("accounts");

        press("/");
        page.browser.switchTo().activeElement().sendKeys("wz?");
        assertThat(page.seen("#filter").getDomProperty("value")).isEqualTo("wz?");
        assertThat(page.seen("#zone").getText()).contains("UTC");
    }

    @Test
    void ticksTheFirstCallsAsTheyAreMade() {
        database.execute("delete from public.vantage_sync_state");
        page.visitAs(anonymous.base(), READER_KEY);

        assertThat(page.seen("#empty").getText())
                .contains(
                        "No resources yet",
                        "/sync-states/accounts/start",
                        "/sync-states/accounts/progress",
                        "/sync-states/accounts/complete");
        assertThat(page.browser.findElement(By.id("tools")).isDisplayed()).isFalse();
        page.picture("empty");
        for (String scheme : List.of("light", "dark")) {
            page.prefer(scheme);
            assertThat(page.barriers()).as(scheme).isEmpty();
        }
        page.narrow();
        assertThat(page.overflows()).isEmpty();
        page.wide();

        service.post("/sync-states/prices/start");
        ticked("start", "✓ done");
        assertThat(page.text("#empty")).contains("/sync-states/prices/complete");
        service.post("/sync-states/prices/progress", "{\"records\": 1}");
        ticked("progress", "✓ done");
        ticked("complete", "");
        service.post("/sync-states/prices/complete");

        await().atMost(DashboardPage.SOON)
                .until(() -> !page.browser.findElement(By.id("empty")).isDisplayed());
        assertThat(page.row("prices")).contains("Success");
    }

    @Test
    void movesNothingForWhoeverWantsThat() {
        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/progress", "{\"records\": 5, \"total\": 9}");
        page.visitAs(anonymous.base(), READER_KEY);
        page.seen("#rows [role=progressbar]");
        assertThat(moving()).isNotEmpty();

        page.browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-reduced-motion", "value", "reduce"))));

        page.open("funds");
        assertThat(moving()).isEmpty();
    }

    /** What has an animation or a transition. */
    private static List<?> moving() {
        return (List<?>) page.browser.executeScript("""
                return [...document.querySelectorAll('*')].filter((element) => {
                  const { animationName, transitionDuration } = getComputedStyle(element);
                  return animationName !== 'none' || transitionDuration !== '0s';
                }).map((element) => element.className);
                """);
    }

    private static void ticked(String call, String text) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() ->
                        assertThat(page.text("[data-call=" + call + "] .made")).isEqualTo(text));
    }

    private static void chooseOutcome(String status) {
        page.browser.executeScript("""
                const select = document.querySelector('.runs-head select');
                select.value = arguments[0];
                select.dispatchEvent(new Event('change'));
                """, status);
    }

    /** A key pressed on the page, in no field. */
    private static void press(CharSequence key) {
        new Actions(page.browser).sendKeys(key).perform();
    }

    private void sync(String resource, int records) {
        service.post("/sync-states/" + resource + "/start");
        assertThat(service.post("/sync-states/" + resource + "/complete", "{\"records_synced\": " + records + "}")
                        .status())
                .isEqualTo(200);
    }
}
