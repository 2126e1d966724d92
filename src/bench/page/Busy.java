import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.Browser;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * Prints what an open page costs its browser while resources change, by the browser's own counters: for how much of the time
 * the main thread is busy, what is left on its heap, and how soon the first row is painted.
 *
 * <p>Arguments: how many resources there are, how many changes there are a second, for how many seconds, after how many equal
 * parts of them the heap is printed, list or timeline, and the addresses of the services, whose pages are measured in turn.
 */
final class Busy {

    private static final String SIGN_IN = """
            const done = arguments[0];
            document.getElementById("key").value = "reader";
            const began = performance.now();
            const rows = document.getElementById("rows");
            const observer = new MutationObserver(() => {
              if (rows.querySelector("td") !== null) {
                observer.disconnect();
                // After the frame that shows it.
                requestAnimationFrame(() => setTimeout(() => done(Math.round(performance.now() - began))));
              }
            });
            observer.observe(rows, { childList: true, subtree: true });
            document.getElementById("sign-in").requestSubmit();
            """;

    private static final List<String> PARTS = List.of("ScriptDuration", "RecalcStyleDuration", "LayoutDuration");

    /** Warns of every Chromium that is newer than it; held here, since loggers are otherwise forgotten. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private Busy() {}

    public static void main(String[] arguments) throws Exception {
        SELENIUM.setLevel(Level.SEVERE);
        int resources = Integer.parseInt(arguments[0]);
        int rate = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        int parts = Integer.parseInt(arguments[3]);
        double first = 0;
        boolean timeline = arguments[4].equals("timeline");
        for (String address : List.of(arguments).subList(5, arguments.length)) {
            double busy = measure(address, resources, rate, seconds, parts, timeline);
            System.out.printf(first == 0 ? "%n" : "; to the first %.2f%n", busy / first);
            first = first == 0 ? busy : first;
        }
    }

    private static double measure(String address, int resources, int rate, int seconds, int parts, boolean timeline)
            throws Exception {
        var changes = Executors.newScheduledThreadPool(4);
        ChromeDriver browser = Browser.open(Files.createTempDirectory("profile"));
        try {
            // Once to warm up what the service and the browser cache.
            signIn(browser, address);
            long painted = signIn(browser, address);
            if (timeline) {
                browser.executeScript("document.getElementById('timeline-button').click()");
            }
            browser.executeCdpCommand("Performance.enable", Map.of());
            AtomicInteger made = change(changes, ApiClient.at(address).key("service"), resources, rate);
            Thread.sleep(3_000);

            collect(browser);
            int madeBefore = made.get();
            Map<String, Double> before = counters(browser);
            for (int part = 1; part < parts; part++) {
                Thread.sleep(seconds * 1_000L / parts);
                collect(browser);
                Map<String, Double> now = counters(browser);
                System.out.printf(
                        "after %4d s: heap %.2f MB, %.0f nodes, %.0f listeners%n",
                        seconds * part / parts,
                        now.get("JSHeapUsedSize") / 1e6,
                        now.get("Nodes"),
                        now.get("JSEventListeners"));
            }
            Thread.sleep(seconds * 1_000L / parts);
            Map<String, Double> after = counters(browser);
            int changed = made.get() - madeBefore;
            collect(browser);
            double heap = counters(browser).get("JSHeapUsedSize");

            double time = after.get("Timestamp") - before.get("Timestamp");
            System.out.printf(
                    "%s: first row after %d ms, %.0f changes a second, main thread busy %.1f %%",
                    address, painted, changed / time, 100 * used("TaskDuration", before, after) / time);
            for (String part : PARTS) {
                System.out.printf(", %s %.1f %%", part, 100 * used(part, before, after) / time);
            }
            System.out.printf(", heap %+.2f MB", (heap - before.get("JSHeapUsedSize")) / 1e6);
            return used("TaskDuration", before, after) / time;
        } finally {
            changes.shutdownNow();
            browser.quit();
        }
    }

    private static long signIn(ChromeDriver browser, String address) {
        browser.get(address + "/dashboard/icon.svg");
        browser.executeScript("sessionStorage.clear()");
        browser.get(address + "/");
        return (Long) browser.executeAsyncScript(SIGN_IN);
    }

    /** Starts, reports and ends syncs of one resource after the other; about a third of them run at a time. */
    private static AtomicInteger change(ScheduledExecutorService executor, ApiClient calls, int resources, int rate) {
        var next = new AtomicInteger();
        var made = new AtomicInteger();
        executor.scheduleAtFixedRate(
                () -> executor.execute(() -> {
                    int number = next.getAndIncrement();
                    int round = number / 3;
                    int ahead = resources / 6;
                    int status = switch (number % 3) {
                        case 0 -> post(calls, round + 2 * ahead, resources, "start", "{\"force\": true}");
                        case 1 -> post(calls, round + ahead, resources, "progress", "{\"records\": 5, \"total\": 9}");
                        default ->
                            round % 12 == 0
                                    ? post(calls, round, resources, "fail", "{\"errors\": []}")
                                    : post(calls, round, resources, "complete", "{\"records_synced\": 9}");
                    };
                    if (status == 200) {
                        made.incrementAndGet();
                    }
                }),
                0,
                1_000_000_000L / rate,
                TimeUnit.NANOSECONDS);
        return made;
    }

    private static int post(ApiClient calls, int number, int resources, String call, String body) {
        return calls.post("/sync-states/r" + number % resources + "/" + call, body)
                .status();
    }

    private static void collect(ChromeDriver browser) {
        browser.executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
    }

    private static double used(String counter, Map<String, Double> before, Map<String, Double> after) {
        return after.get(counter) - before.get(counter);
    }

    private static Map<String, Double> counters(ChromeDriver browser) {
        Map<String, Double> counters = new HashMap<>();
        List<?> metrics = (List<?>)
                browser.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
        for (Object metric : metrics) {
            Map<?, ?> each = (Map<?, ?>) metric;
            counters.put((String) each.get("name"), ((Number) each.get("value")).doubleValue());
        }
        return counters;
    }
}
