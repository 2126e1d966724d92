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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody who is called out: from a red row to the cause and the next command, without scrolling. */
@Tag("browser")
@Tag("node")
class DashboardOnCallTest extends ApiTest {

    private static final String RED_ROW = "#rows tr[data-status=failed] ";

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

    @ParameterizedTest
    @CsvSource({"1280, 800, 1", "1280, 800, 40", "390, 844, 1", "390, 844, 40"})
    void seesTheCauseAndTheNextCommandWithoutScrolling(int width, int height, int timesAsLong) {
        String message = "No answer from the Vantage API within 30 s. "
                .repeat(timesAsLong)
                .strip();
        for (String resource : List.of("funds", "cashflows")) {
            service.post("/sync-states/" + resource + "/start");
            service.post(
                    "/sync-states/" + resource + "/fail",
                    ("{\"errors\": [" + "{\"code\": \"API_TIMEOUT\", \"message\": \"%s\"},".repeat(20)
                                    + "{\"code\": \"LAST\", \"message\": \"b\"}]}")
                            .replace("%s", message));
        }
        page.visit(anonymous.base());
        page.browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        try {
            page.signIn(READER_KEY);
            page.isLive();

            inView(RED_ROW + ".why code", "API_TIMEOUT");
            inView(RED_ROW + ".next code", "curl ");
            page.picture("on-call-" + width + "-" + timesAsLong);

            page.seen(RED_ROW + "th button").click();
            inView(".explanation p", "API_TIMEOUT");
            inView(".explanation .command pre", "curl ");
            inView(".explanation .command button", "");
            page.picture("on-call-" + width + "-" + timesAsLong + "-open");
            assertThat(page.overflows()).isEmpty();
        } finally {
            page.wide();
        }
    }

    /** The first such element is seen as a whole, and nothing lies over it. */
    private static void inView(String selector, String text) {
        await().atMost(DashboardPage.SOON).untilAsserted(() -> {
            assertThat(page.text(selector)).contains(text);
            assertThat(page.browser.executeScript("""
                            const element = document.querySelector(arguments[0]);
                            const box = element.getBoundingClientRect();
                            const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
                            const corners = [[box.left + 8, box.top + 8], [box.right - 8, box.bottom - 8]];
                            const seen = corners.every(([x, y]) => element.contains(document.elementFromPoint(x, y)));
                            return inside && seen ? '' : JSON.stringify(box);
                            """, selector)).as(selector).isEqualTo("");
        });
    }
}
