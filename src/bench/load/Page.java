import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Prints how long it takes from the answer of a call until an open page shows what the call did.
 *
 * <p>Arguments: how many rounds of five calls, a port for chromedriver, the port of the service whose page is open, and of
 * that which is called.
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

    private Page() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        List<Double> delays = new ArrayList<>();
        try (var browser = new Browser(Integer.parseInt(arguments[1]));
                var calls = new Connection(Integer.parseInt(arguments[3]))) {
            browser.visit("http://127.0.0.1:" + arguments[2] + "/");
            browser.number(SIGN_IN);
            for (int round = 0; round < rounds; round++) {
                String error = "{\"errors\": [{\"code\": \"A\", \"message\": \"b\"}]}";
                String records = "%d".formatted(1_000 + round);
                String shown = "%,d".formatted(1_000 + round);
                delays.add(delay(browser, calls, "start", "", "Running"));
                delays.add(delay(browser, calls, "progress", "{\"records\": " + records + "}", shown + " records"));
                delays.add(delay(browser, calls, "fail", error, "Failed"));
                delays.add(delay(browser, calls, "start", "", "Running"));
                delays.add(delay(browser, calls, "complete", "{\"records_synced\": " + records + "}", "Success"));
            }
        }
        System.out.printf(
                "%d calls: median %.0f ms, most %.0f ms%n",
                delays.size(),
                Load.median(delays),
                delays.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }

    /** In milliseconds; 0 where the page shows it before the caller has the answer. */
    private static double delay(Browser browser, Connection calls, String call, String body, String text)
            throws Exception {
        CompletableFuture<Long> shown = CompletableFuture.supplyAsync(() -> {
            try {
                return browser.number(SHOWN, "funds", text);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        // At any moment of the watcher's period.
        Thread.sleep((long) (200 + 400 * Math.random()));
        int status =
                calls.status(Connection.request("POST", "/sync-states/funds/" + call, "apikey: service\r\n", body));
        long answered = System.currentTimeMillis();
        if (status != 200) {
            throw new IllegalStateException(call + " was answered with " + status);
        }
        return Math.max(0, shown.join() - answered);
    }
}
