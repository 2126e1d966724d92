import com.vantage.syncstate.support.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;

/** Takes pictures of the page, light and dark. Arguments: the address of the service, and the directory for the pictures. */
final class Screenshots {

    private static final String SIGN_IN = """
            const done = arguments[0];
            document.getElementById("key").value = "reader";
            document.getElementById("sign-in").requestSubmit();
            const drawn = () => document.querySelector("#rows .strip .success[d^=M]") ? done() : setTimeout(drawn, 100);
            drawn();
            """;

    private static final String SHOW_TIMELINE = """
            const [shown, done] = arguments;
            const button = document.getElementById("timeline-button");
            if (button.getAttribute("aria-pressed") !== String(shown)) {
              button.click();
            }
            const loaded = () => document.querySelector("#timeline .hint").textContent === "";
            const drawn = () => {
              if (shown && !loaded()) {
                setTimeout(drawn, 100);
                return;
              }
              // Below the bar, which stays.
              scrollTo(0, shown ? document.getElementById("tools").offsetTop - 60 : 0);
              setTimeout(done, 500);
            };
            setTimeout(drawn, 500);
            """;

    /** Warns of every Chromium that is newer than it; held here, since loggers are otherwise forgotten. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private Screenshots() {}

    public static void main(String[] arguments) throws Exception {
        SELENIUM.setLevel(Level.SEVERE);
        Path directory = Files.createDirectories(Path.of(arguments[1]));
        ChromeDriver browser = Browser.open(Files.createTempDirectory("profile"));
        try {
            browser.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 1200, "height", 640, "deviceScaleFactor", 1, "mobile", false));
            browser.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
            browser.get(arguments[0] + "/");
            browser.executeAsyncScript(SIGN_IN);
            for (String scheme : List.of("light", "dark")) {
                browser.executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
                browser.executeAsyncScript(SHOW_TIMELINE, false);
                take(browser, directory.resolve("list-" + scheme + ".png"));
                browser.executeAsyncScript(SHOW_TIMELINE, true);
                take(browser, directory.resolve("timeline-" + scheme + ".png"));
            }
        } finally {
            browser.quit();
        }
    }

    private static void take(ChromeDriver browser, Path file) throws Exception {
        Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
    }
}
