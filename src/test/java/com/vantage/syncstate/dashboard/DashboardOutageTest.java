package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.Ports;
import com.vantage.syncstate.support.RestartablePostgres;
import com.vantage.syncstate.support.ServiceInstance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** What an open page says while the database or the service is gone, and once they are back. */
@Tag("browser")
class DashboardOutageTest {

    @TempDir
    private Path directory;

    private RestartablePostgres postgres;
    private ServiceInstance service;
    private ApiClient api;
    private DashboardPage page;

    @BeforeEach
    void start() throws IOException {
        postgres = new RestartablePostgres(directory);
        startService(Ports.free());
        page = new DashboardPage(directory.resolve("profile"));
    }

    @AfterEach
    void stop() throws IOException {
        page.close();
        service.close();
        postgres.close();
    }

    @Test
    void neverSaysThatItIsLiveWhenItIsNot() throws Exception {
        page.visitAs(api.base(), "key");
        page.browser.executeScript("window.sameVisit = true");
        page.open("accounts");

        postgres.stop();
        says("offline", "Offline since");
        assertThat(page.text("#notice"))
                .contains("The database does not answer.")
                .containsPattern("Data as of [0-9:]+ UTC, [0-9]+ s ago\\. Retrying automatically\\.");
        assertThat(page.text(".drawer header .notice"))
                .matches("Offline since [0-9:]+ UTC\\. Data may be out of date\\.");
        page.picture("offline");
        postgres.start();
        page.isLive();
        assertThat(page.browser.findElement(By.id("notice")).isDisplayed()).isFalse();
        assertThat(page.text(".drawer header .notice")).isEmpty();

        int port = service.port();
        service.close();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(page.text("#connection")).matches("Reconnecting…|Offline since .*"));
        says("offline", "Offline since");
        startService(port);
        page.isLive();

        api.post("/sync-states/funds/start");
        await().atMost(DashboardPage.SOON)
                .untilAsserted(() -> assertThat(page.row("funds")).contains("Running"));
        assertThat(page.browser.executeScript("return window.sameVisit")).isEqualTo(true);
    }

    @Test
    void countsNothingBeforeItHasSeenAnything() throws Exception {
        page.visitAs(api.base(), "key");
        postgres.stop();

        page.browser.navigate().refresh();

        says("offline", "Offline since");
        assertThat(page.text("#notice")).startsWith("The database does not answer. Retrying automatically.");
        assertThat(page.browser.findElement(By.id("tools")).isDisplayed()).isFalse();
        postgres.start();
        page.isLive();
        assertThat(page.browser.findElement(By.id("tools")).isDisplayed()).isTrue();
    }

    private void says(String state, String text) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(page.text("#connection")).startsWith(text);
            assertThat(page.seen("#connection").getDomAttribute("data-state")).isEqualTo(state);
        });
    }

    private void startService(int port) {
        service = ServiceInstance.on(postgres.address(), port);
        api = service.api();
    }
}
