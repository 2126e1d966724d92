package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page with many rows, most of them out of view. */
@Tag("browser")
class DashboardRowsTest extends ApiTest {

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

    @BeforeEach
    void fill() {
        database.execute("""
                insert into public.vantage_sync_state (resource)
                select 'table_' || lpad(i::text, 3, '0') from generate_series(1, 300) i;
                select public.start_vantage_sync('table_' || lpad(i::text, 3, '0')) from generate_series(1, 300) i;
                select public.complete_vantage_sync('table_' || lpad(i::text, 3, '0'), i) from generate_series(1, 300) i;
                """);
        page.visitAs(anonymous.base(), READER_KEY);
    }

    @Test
    void movesNoRowButTheOneThatHasChanged() {
        drawn("table_300", "Success");
        page.browser.executeScript("""
                window.moved = new Set();
                new MutationObserver((changes) => changes.forEach(({ addedNodes, removedNodes }) =>
                  [...addedNodes, ...removedNodes].forEach((row) => window.moved.add(row.querySelector('button').textContent))))
                  .observe(document.getElementById('rows'), { childList: true });
                """);

        service.post("/sync-states/table_299/start");
        service.post("/sync-states/table_299/fail", "{\"errors\": []}");

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.resources()).first().isEqualTo("table_299"));
        assertThat(page.browser.executeScript("return [...window.moved]")).isEqualTo(List.of("table_299"));
    }

    @Test
    void bringsRowsOutOfViewUpToDate() {
        drawn("table_300", "Success");

        service.post("/sync-states/table_300/start");
        service.post("/sync-states/table_300/complete", "{\"records_synced\": 4321}");

        drawn("table_300", "4,321");
        page.browser.executeScript("scrollTo(0, document.body.scrollHeight)");
        drawn("table_300", "4,321");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void keepsTheFocusOnARowThatMoves() {
        page.browser.executeScript(
                "[...document.querySelectorAll('#rows button')].find((each) => each.textContent === 'table_299').focus()");

        service.post("/sync-states/table_299/start");
        service.post("/sync-states/table_299/fail", "{\"errors\": []}");

        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.resources()).first().isEqualTo("table_299"));
        assertThat(page.browser.switchTo().activeElement().getText()).isEqualTo("table_299");
    }

    private static void drawn(String resource, String text) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.row(resource)).contains(text));
    }
}
