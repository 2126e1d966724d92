import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Headless Chromium behind chromedriver: the few commands of the WebDriver protocol that a measurement needs. */
final class Browser implements AutoCloseable {

    private static final Pattern SESSION = Pattern.compile("\"sessionId\":\"(\\w+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":(-?\\d+)");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final String base;

    Browser(int port) throws Exception {
        driver = new ProcessBuilder("chromedriver", "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String address = "http://127.0.0.1:" + port;
        base = address + "/session/" + session(address);
    }

    void visit(String address) throws Exception {
        send(base + "/url", "{\"url\": \"" + address + "\"}");
    }

    /** What a script calls its last argument with, a whole number; the others are texts. */
    long number(String script, String... arguments) throws Exception {
        var texts = new StringBuilder();
        for (String argument : arguments) {
            texts.append(texts.isEmpty() ? "" : ", ")
                    .append('"')
                    .append(argument)
                    .append('"');
        }
        String json = script.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
        String answer = send(base + "/execute/async", "{\"script\": \"" + json + "\", \"args\": [" + texts + "]}");
        return Long.parseLong(found(VALUE, answer));
    }

    /** It takes a moment until the driver listens. */
    private String session(String address) throws Exception {
        String wanted = "{\"capabilities\": {\"alwaysMatch\": {\"goog:chromeOptions\": {\"args\": [\"--headless=new\","
                + " \"--no-sandbox\", \"--disable-gpu\", \"--window-size=1280,800\"]}}}}";
        for (int attempt = 0; ; attempt++) {
            try {
                return found(SESSION, send(address + "/session", wanted));
            } catch (IOException e) {
                if (attempt == 100) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private String send(String address, String json) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(address))
                .POST(BodyPublishers.ofString(json))
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.body());
        }
        return answer.body();
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException(text);
        }
        return matcher.group(1);
    }

    @Override
    public void close() throws IOException {
        try {
            client.send(HttpRequest.newBuilder(URI.create(base)).DELETE().build(), BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
        }
    }
}
