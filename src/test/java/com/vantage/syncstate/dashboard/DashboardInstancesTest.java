package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.StaleElementReferenceException;

/** A page open on one of two instances. */
@Tag("browser")
class DashboardInstancesTest {

    @TempDir
    private Path profile;

    @Test
    void showsWhatChangedThroughTheOtherInstance() {
        Address database = TestDatabase.create();
        try (ServiceInstance one = ServiceInstance.on(database);
                ServiceInstance other = ServiceInstance.on(database);
                DashboardPage page = new DashboardPage(profile)) {
            ApiClient jobs = one.api();
            page.visitAs(other.api().base(), ServiceInstance.KEY);
            page.browser.executeScript("window.sameVisit = true");

            jobs.post("/sync-states/funds/start");
            soon(page, "Running", "for ");

            jobs.post("/sync-states/funds/progress", "{\"records\": 250, \"total\": 1000}");
            soon(page, "25 % of 1,000");

            jobs.post("/sync-states/funds/fail", "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}");
            soon(page, "Failed", "took ");
            await().atMost(DashboardPage.SOON)
                    .untilAsserted(() -> assertThat(page.text("#alert-list")).contains("failed", "funds"));

            jobs.post("/sync-states/funds/start");
            jobs.post("/sync-states/funds/complete", "{\"records_synced\": 1234}");
            soon(page, "Success", "1,234");

            jobs.delete("/sync-states/funds");
            // The row may go between being found and being read.
            await().atMost(DashboardPage.SOON)
                    .ignoreException(StaleElementReferenceException.class)
                    .until(() -> !page.resources().contains("funds"));
            assertThat(page.browser.executeScript("return window.sameVisit")).isEqualTo(true);
            assertThat(page.complaints()).isEmpty();
        }
    }

    private static void soon(DashboardPage page, String... texts) {
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.row("funds")).contains(texts));
    }
}
