package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What the list of resources shows without a click: the last runs, and the reason of what is wrong. */
@Tag("browser")
class DashboardReasonsTest extends ApiTest {

    private static final String TIMEOUT = "{\"code\": \"API_TIMEOUT\", \"message\": \"No answer within 30 s\"}";

    @TempDir
    private static Path profile;

    private static DashboardPage page;

    @BeforeAll
    static void openBrowser() {
        page = new DashboardPage(profile);
    }

    @AfterAll
    static void closeBrowser() {
        page.close();
    }

    @Test
    void showsTheReasonAndWhichFailureInARowItIs() {
        end("funds", "complete", "{}");
        page.visitAs(anonymous.base(), READER_KEY);

        fail("funds", TIMEOUT);
        soon("funds", "API_TIMEOUT No answer within 30 s · first failure · failing since ");
        fail("funds", TIMEOUT + ", " + TIMEOUT);
        soon("funds", "and 1 more error · 2nd failure in a row · failing since ", "33 %");

        end("funds", "complete", "{}");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.row("funds"))
                        .contains("Success", "50 %", "usually ")
                        .doesNotContain("API_TIMEOUT"));
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void showsTheLastRunsAsBarsThatChange() {
        end("funds", "complete", "{}");
        fail("funds", TIMEOUT);
        page.visitAs(anonymous.base(), READER_KEY);
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() ->
                        assertThat(strip("aria-label")).startsWith("50 % of the last 2 runs succeeded; usually "));
        assertThat(strip("aria-label")).containsSubsequence("UTC: failed, took ", "UTC: success, took ");
        String failures = bars("failed");
        assertThat(failures).isNotEmpty();
        assertThat(bars("mark")).hasSizeLessThan(bars("success").length() + failures.length());

        service.post("/sync-states/funds/start");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() ->
                        assertThat(attribute(".strip .running", "visibility")).isEqualTo("visible"));
        service.post("/sync-states/funds/start", "{\"force\": true}");

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(bars("abandoned")).isNotEmpty());
        assertThat(strip("aria-label")).startsWith("33 % of the last 3 runs succeeded");
    }

    @Test
    void showsTheNumbersOfABarThatIsPointedAtOrReachedByKeys() {
        end("funds", "complete", "{}");
        fail("funds", TIMEOUT);
        page.visitAs(anonymous.base(), READER_KEY);
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(bars("failed")).isNotEmpty());
        WebElement strip = page.browser.findElement(By.cssSelector("#rows tr:first-child .strip"));

        new Actions(page.browser).moveToElement(strip, 56, 0).perform();
        assertThat(page.seen(".tip").getText()).matches("[0-9:]+ UTC: failed, took .+");

        WebElement name = page.browser.findElement(By.cssSelector("#rows tr:first-child button"));
        page.browser.executeScript("document.getElementById('filter').focus()");
        for (int i = 0; i < 20 && !name.equals(page.browser.switchTo().activeElement()); i++) {
            page.browser.switchTo().activeElement().sendKeys(Keys.TAB);
        }
        assertThat(page.seen(".tip").getText()).startsWith("50 % of the last 2 runs succeeded");
        name.sendKeys(Keys.ARROW_LEFT);
        assertThat(page.text("#announcement")).matches("[0-9:]+ UTC: failed, took .+");
        name.sendKeys(Keys.ARROW_LEFT);
        assertThat(page.text("#announcement")).matches("[0-9:]+ UTC: success, took .+");
        assertThat(page.seen(".tip").getText()).isEqualTo(page.text("#announcement"));
    }

    @Test
    void showsOneCauseOnce() {
        for (String resource : new String[] {"accounts", "funds", "cashflows", "prices", "trades"}) {
            fail(resource, TIMEOUT);
        }
        page.visitAs(anonymous.base(), READER_KEY);

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#alert-list li.failed"))
                        .contains("5 failed with API_TIMEOUT", "accounts", "and 2 more", "since "));
        assertThat(page.text("#alerts-title")).isEqualTo("5 alerts");

        page.seen("#alert-list li.failed button[aria-expanded]").click();
        assertThat(page.text("#alert-list li.failed"))
                .contains("prices", "trades")
                .doesNotContain("more");
        assertThat(page.browser.switchTo().activeElement().getText()).isEqualTo("prices");

        fail("trades", "{\"code\": \"DUPLICATE_KEY\", \"message\": \"b\"}");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#alert-list"))
                        .containsSubsequence("4 failed with API_TIMEOUT", "1 failed with DUPLICATE_KEY", "trades"));
    }

    @Test
    void takesAnyReasonForText() {
        String markup = "<img src=x onerror=\\\"window.pwned = true\\\">";
        fail("funds", "{\"code\": \"" + markup + "\", \"message\": \"" + markup + "x".repeat(50_000) + "\"}");
        page.visitAs(anonymous.base(), READER_KEY);

        soon("funds", "<img src=x onerror=\"window.pwned = true\">", "…");
        assertThat(page.browser.findElements(By.cssSelector("main img"))).isEmpty();
        assertThat(page.overflows()).isEmpty();
        page.narrow();
        assertThat(page.overflows()).isEmpty();
        page.picture("reason-hostile");
        page.wide();
        assertThat(page.browser.executeScript("return window.pwned === undefined"))
                .isEqualTo(true);
    }

    private static void soon(String resource, String... texts) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.row(resource)).contains(texts));
    }

    private static String strip(String attribute) {
        return attribute(".strip", attribute);
    }

    /** The shapes of the bars of a kind in the row of funds. */
    private static String bars(String kind) {
        return attribute(".strip ." + kind, "d");
    }

    private static String attribute(String selector, String attribute) {
        return (String) page.browser.executeScript("""
                return [...document.querySelectorAll('#rows tr')]
                  .find((row) => row.querySelector('button').textContent === 'funds')
                  ?.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? '';
                """, selector, attribute);
    }

    private void fail(String resource, String errors) {
        end(resource, "fail", "{\"errors\": [" + errors + "]}");
    }

    private void end(String resource, String call, String body) {
        service.post("/sync-states/" + resource + "/start");
        assertThat(service.post("/sync-states/" + resource + "/" + call, body).status())
                .isEqualTo(200);
    }
}
