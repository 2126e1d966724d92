package com.vantage.syncstate.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.Browser;
import com.vantage.syncstate.support.NodePackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The page as somebody sees it who has it open. */
final class DashboardPage implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    final ChromeDriver browser;

    DashboardPage(Path profile) {
        browser = Browser.open(profile);
    }

    /** Opens the page as nobody. */
    void visit(String base) {
        browser.manage().window().setSize(new org.openqa.selenium.Dimension(1280, 800));
        prefer("light");
        // Nothing runs there that could write what is cleared.
        browser.get(base + "/dashboard/icon.svg");
        browser.executeScript("sessionStorage.clear(); localStorage.clear()");
        browser.get(base + "/");
        seen("#key");
        browser.manage().logs().get(LogType.BROWSER);
    }

    void signIn(String key) {
        seen("#key").clear();
        seen("#key").sendKeys(key);
        seen("#sign-in button").click();
    }

    void visitAs(String base, String key) {
        visit(base);
        signIn(key);
        isLive();
    }

    void isLive() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(text("#connection")).isEqualTo("Live"));
    }

    /** The element, once it can be seen. */
    WebElement seen(String selector) {
        return await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> browser.findElement(By.cssSelector(selector)), WebElement::isDisplayed);
    }

    /** The text of the first such element; empty where there is none. */
    String text(String selector) {
        return (String)
                browser.executeScript("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    /** The row of a resource, its cells separated by bars. */
    String row(String resource) {
        return (String) browser.executeScript("""
                return [...document.querySelectorAll('#rows tr')]
                  .filter((row) => row.querySelector('th button').textContent === arguments[0])
                  .map((row) => [...row.children].map((cell) => cell.textContent).join(' | '))[0] ?? ''
                """, resource);
    }

    /** The names in the visible rows, in one call: hundreds of them take seconds one by one. */
    List<String> resources() {
        List<?> names = (List<?>) browser.executeScript("""
                return [...document.querySelectorAll('#rows tr:not([hidden]) th button')].map((name) => name.textContent)
                """);
        return names.stream().map(Object::toString).toList();
    }

    void open(String resource) {
        browser.executeScript("location.hash = '#/' + arguments[0]", resource);
        await().atMost(PATIENCE)
                .until(() -> text("#resource-name").equals(resource)
                        && !text(".drawer section .hint[role=status]").startsWith("Loading"));
    }

    /** What is wider than the window, or than the drawer. */
    List<?> overflows() {
        return (List<?>) browser.executeScript("""
                const hosts = [document.documentElement, document.querySelector('.drawer-content')];
                return hosts.filter((host) => host !== null && host.scrollWidth > host.clientWidth).flatMap((host) => {
                  const edge = host.getBoundingClientRect().left + host.clientWidth;
                  return [...host.querySelectorAll('*')]
                    .filter((element) => element.getBoundingClientRect().right > edge + 1)
                    .map((element) => element.outerHTML.slice(0, 120) + ' ends at ' + element.getBoundingClientRect().right);
                });
                """);
    }

    /** What of the errors cannot be seen in full, and not be scrolled to either. */
    List<?> cutOff() {
        return (List<?>) browser.executeScript("""
                return [...document.querySelectorAll('.drawer-errors *')]
                  .filter((element) => getComputedStyle(element).overflowY === 'hidden'
                    && element.scrollHeight > element.clientHeight + 1)
                  .map((element) => element.outerHTML.slice(0, 120));
                """);
    }

    void narrow() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", false));
    }

    void wide() {
        browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    void prefer(String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** What axe-core finds, each as its rule, its impact and the elements. */
    List<?> barriers() {
        try {
            browser.executeScript(Files.readString(NodePackages.DIRECTORY.resolve("node_modules/axe-core/axe.min.js")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return (List<?>) browser.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then((found) => done(found.violations
                  .map((finding) => finding.id + ', ' + finding.impact + ': ' + finding.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; '))));
                """);
    }

    /** What the browser complained of since the visit, but for answers outside 2xx. */
    Stream<String> complaints() {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(Object::toString)
                .filter(line -> !line.contains("the server responded with a status of") && !line.contains("net::ERR_"));
    }

    /** Keeps a picture under {@code target/screenshots}, for people to look at. */
    void picture(String name) {
        try {
            Path directory = Files.createDirectories(Path.of("target", "screenshots"));
            Files.write(directory.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        browser.quit();
    }
}
