package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.Browser;
import com.vantage.syncstate.support.NodePackages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;

/** The React badge of the original's guide, in a browser, from a page of another origin. */
@Tag("browser")
@Tag("node")
class BadgeComponentTest extends ApiTest {

    @TempDir
    private Path profile;

    @BeforeAll
    static void clients() {
        NodePackages.install();
    }

    @Test
    void rendersAllFourStates() throws IOException {
        database.execute("""
                insert into vantage_sync_state (resource) values ('prices');
                select start_vantage_sync('accounts');
                select complete_vantage_sync('accounts', 3, 2, 1);
                select start_vantage_sync('funds');
                select fail_vantage_sync('funds', '[{"code": "TEST", "message": "Test error"}]');
                select start_vantage_sync('prices');
                """);
        HttpServer page = serve(bundle());
        WebDriver browser = Browser.open(profile);
        try {
            browser.get("http://127.0.0.1:" + page.getAddress().getPort() + "/?url=" + encode(reader.base()) + "&key="
                    + encode(READER_KEY));

            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(badge(browser, "accounts")).matches("badge badge-green: ✅ Synced 0 min ago \\(\\d+ms\\)");
                assertThat(badge(browser, "funds")).isEqualTo("badge badge-red: ❌ Failed");
                assertThat(badge(browser, "prices")).isEqualTo("badge badge-yellow: ⏳ Running...");
                assertThat(badge(browser, "cashflows")).isEqualTo("badge badge-gray: ⚪ Not synced yet");
            });
        } finally {
            browser.quit();
            page.stop(0);
        }
    }

    private static String badge(WebDriver browser, String resource) {
        return browser.findElements(By.cssSelector("#" + resource + " div")).stream()
                .map(badge -> badge.getDomAttribute("class") + ": " + badge.getText())
                .findFirst()
                .orElse("none");
    }

    private static byte[] bundle() throws IOException {
        NodePackages.Ended esbuild = NodePackages.run(
                List.of(
                        "node",
                        "node_modules/esbuild/bin/esbuild",
                        "badge.jsx",
                        "--bundle",
                        "--jsx=automatic",
                        "--charset=utf8",
                        "--define:process.env.NODE_ENV=\"production\"",
                        "--outfile=badge.js"),
                Map.of(),
                60);
        assertThat(esbuild.code()).as(esbuild.output()).isZero();
        return Files.readAllBytes(NodePackages.DIRECTORY.resolve("badge.js"));
    }

    private static HttpServer serve(byte[] script) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = "<!doctype html><meta charset=utf-8><div id=badges></div><script src=/badge.js></script>"
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            boolean isScript = exchange.getRequestURI().getPath().equals("/badge.js");
            byte[] body = isScript ? script : page;
            exchange.getResponseHeaders()
                    .set("Content-Type", isScript ? "text/javascript; charset=utf-8" : "text/html");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
