import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.Browser;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.JavascriptExecutor;

/**
 * Prints how long it takes from the answer of a call until an open page shows what the call did.
 *
 * <p>Arguments: how many rounds of five calls, the address of the service whose page is open, and of that which is called.
 */
final class Page {

    private static final String SIGN_IN = """
            const done = arguments[0];
            document.getElementById("key").value = "reader";
            document.getElementById("sign-in").requestSubmit();
            const live = () => document.getElementById("connection").textContent === "Live" ? done(1) : setTimeout(live, 50);
            live();
            """;

    private static final String SHOWN = """
            const [resource, text, done] = arguments;
            const rows = document.getElementById("rows");
            const observer = new MutationObserver(look);
            function look() {
              const row = [...rows.children].find((row) => row.querySelector("th button").textContent === resource);
              if (row?.textContent.includes(text)) {
                observer.disconnect();
                done(Date.now());
              }
            }
            observer.observe(rows, { childList: true, subtree: true, characterData: true, attributes: true });
            look();
            """;

    /** Warns of every Chromium that is newer than it; held here, since loggers are otherwise forgotten. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private Page() {}

    public static void main(String[] arguments) throws Exception {
        SELENIUM.setLevel(Level.SEVERE);
        int rounds = Integer.parseInt(arguments[0]);
        ApiClient calls = ApiClient.at(arguments[2]).key("service");
        List<Long> delays = new ArrayList<>();
        var browser = Browser.open(Files.createTempDirectory("profile"));
        try {
            browser.get(arguments[1]);
            browser.executeAsyncScript(SIGN_IN);
            for (int round = 0; round < rounds; round++) {
                String error = "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}";
                String records = "%d".formatted(1_000 + round);
                String shown = "%,d".formatted(1_000 + round);
                delays.add(delay(browser, calls, "start", "{}", "Running"));
                delays.add(delay(browser, calls, "progress", "{\"records\": " + records + "}", shown + " records"));
                delays.add(delay(browser, calls, "fail", error, "Failed"));
                delays.add(delay(browser, calls, "start", "{}", "Running"));
                delays.add(delay(browser, calls, "complete", "{\"records_synced\": " + records + "}", "Success"));
            }
        } finally {
            browser.quit();
        }
        Collections.sort(delays);
        System.out.printf(
                "%d calls: median %d ms, most %d ms%n",
                delays.size(), delays.get(delays.size() / 2), delays.get(delays.size() - 1));
    }

    /** In milliseconds; 0 where the page shows it before the caller has the answer. */
    private static long delay(JavascriptExecutor browser, ApiClient calls, String call, String body, String text)
            throws Exception {
        var shown = CompletableFuture.supplyAsync(() -> (Long) browser.executeAsyncScript(SHOWN, "funds", text));
        // At any moment of the poller's period.
        Thread.sleep((long) (200 + 400 * Math.random()));
        int status = calls.post("/sync-states/funds/" + call, body).status();
        long answered = System.currentTimeMillis();
        if (status != 200) {
            throw new IllegalStateException(call + " was answered with " + status);
        }
        return Math.max(0, shown.join() - answered);
    }
}
