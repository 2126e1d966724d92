package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.Ports;
import com.vantage.syncstate.support.Receiver;
import com.vantage.syncstate.support.Receiver.Received;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Notifications from a call that fails a sync to a receiver of HTTP, one service with a channel of each behaviour. */
@TestInstance(Lifecycle.PER_CLASS)
class DeliveryTest {

    private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    /** In an address or as a key. */
    private static final String TOKEN = "T0PSECRET";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Receiver receiver = new Receiver();
    private final Address database = TestDatabase.create();
    private ServiceInstance instance;
    private ApiClient api;
    private int count;
    private String resource;

    @BeforeAll
    void start() throws IOException {
        List<String> settings = new ArrayList<>(List.of("--vantage.incidents.interval=PT1S"));
        webhook(settings, "hook", "hook-*");
        webhook(settings, "order", "order-*");
        webhook(settings, "slow", "slow-*,steady-*");
        webhook(settings, "steady", "slow-*,steady-*");
        webhook(settings, "gone", "gone-*");
        webhook(settings, "down", "down-*");
        channel(settings, "ops", "slack", "ops-*");
        channel(settings, "rude", "slack", "rude-*");
        channel(settings, "picky", "slack", "picky-*");
        channel(settings, "errors", "slack", "errors-*");
        settings.add("--vantage.notify.channels.errors.min-severity=error");
        settings.add("--vantage.notify.base-url=https://sync.example.com");
        channel(settings, "nameless", "slack", "nothing", "http://nobody.invalid/" + TOKEN);
        channel(settings, "shut", "slack", "nothing", "http://127.0.0.1:" + Ports.free() + "/" + TOKEN);
        channel(settings, "plain", "slack", "nothing", receiver.url("/" + TOKEN).replace("http:", "https:"));
        channel(settings, "pager", "pagerduty", "nothing");
        settings.add("--vantage.notify.channels.pager.secret=" + TOKEN);
        instance = ServiceInstance.on(database, settings.toArray(String[]::new));
        api = instance.api();
    }

    @AfterAll
    void end() {
        instance.close();
        receiver.close();
    }

    @BeforeEach
    void number() {
        count++;
    }

    @Test
    void notifiesAWebhookOfEachEventInOrder() {
        resource = "hook-" + count;
        fail();
        awaitReceived("opened", "/hook", 1);
        api.post("/sync-states/" + resource + "/start");
        succeed();

        List<Received> received = awaitReceived("closed", "/hook", 2);

        assertThat(received).extracting(Received::type).containsExactly("alert.opened", "alert.closed");
        JsonNode opened = received.get(0).json();
        assertThat(opened.at("/data/kinds/0").asString()).isEqualTo("failed");
        assertThat(opened.at("/data/explanation").asString())
                .startsWith(resource + " is red since ")
                .contains("Next: curl -sS");
        assertThat(opened.at("/data/detail").asString())
                .isEqualTo("The latest run of " + resource + " failed with API_TIMEOUT \"No <answer>\".");
        assertThat(opened.at("/data/links/state").asString())
                .isEqualTo("https://sync.example.com/sync-states/" + resource);
        assertThat(opened.at("/data/seq").asInt()).isEqualTo(1);
        assertThat(received.get(0).headers().get("webhook-signature")).startsWith("v1,");
        assertThat(received).extracting(Received::id).doesNotHaveDuplicates().allMatch(id -> id.startsWith("msg_"));
    }

    @Test
    void writesToAChatInItsOwnWordsAndEscapesWhatJobsReport() {
        resource = "ops-" + count;
        fail();

        List<Received> received = awaitText("/ops", resource + ": failed", 1);

        JsonNode message = received.get(0).json();
        assertThat(message.at("/attachments/0/text").asString())
                .contains("The latest run of " + resource + " failed with API_TIMEOUT \"No &lt;answer&gt;\".\n")
                .endsWith("\n<https://sync.example.com/|All resources>");
    }

    @Test
    void notifiesOfTheClosingWhomItNotifiedOfTheOpeningAndNobodyElse() {
        resource = "errors-" + count;
        api.put("/sync-states/" + resource, "{}");
        await().atMost(PATIENCE).until(() -> incidents() == 1);
        api.post("/sync-states/" + resource + "/start");
        succeed();
        await().atMost(PATIENCE).until(() -> incidents() == 0);

        assertThat(ofThisIncident("errors")).isEmpty();
    }

    @Test
    void triesAgainUnderTheSameIdAndKeepsTheOrder() {
        resource = "order-" + count;
        receiver.on("/order", 503);
        fail();
        awaitReceived("opened", "/order", 1);
        api.post("/sync-states/" + resource + "/start");
        succeed();
        await().atMost(PATIENCE).until(() -> incidents() == 0);
        receiver.works("/order");
        await().atMost(PATIENCE).until(() -> {
            passWaits("order");
            return pending("order") == 0;
        });

        List<Received> received = awaitReceived("both", "/order", 3);

        List<Received> taken = received.subList(received.size() - 2, received.size());
        assertThat(taken).extracting(Received::type).containsExactly("alert.opened", "alert.closed");
        assertThat(received.subList(0, received.size() - 1))
                .extracting(Received::id)
                .containsOnly(taken.get(0).id());
    }

    @Test
    void aReceiverThatIsSlowHoldsUpNobody() {
        var answered = new CountDownLatch(1);
        receiver.on("/slow", exchange -> {
            awaitQuietly(answered);
            Receiver.answer(exchange, 200, "");
        });
        resource = "steady-" + count;
        fail();
        awaitReceived("opened", "/slow", 1);

        assertThat(awaitReceived("opened", "/steady", 1)).hasSize(1);
        await().atMost(PATIENCE).until(() -> sent("steady") == 1);
        assertThat(sent("slow")).isZero();
        answered.countDown();
        await().atMost(PATIENCE).until(() -> sent("slow") == 1);
    }

    @Test
    void pausesAChannelThatWantsNoMoreUntilATestSucceeds() {
        receiver.on("/gone", 410);
        resource = "gone-" + count;
        fail();
        await().atMost(PATIENCE)
                .until(() -> channel("gone").get("status").asString().equals("paused"));
        int tried = ofThisTest("/gone").size();
        receiver.works("/gone");

        assertThat(api.get("/alerts").body()).contains("\"channel/gone\"", "410 Gone");
        assertThat(ofThisTest("/gone")).hasSize(tried);
        JsonNode test = api.post("/channels/gone/test").json();

        assertThat(test.get("status").asString()).isEqualTo("sent");
        assertThat(test.get("type").asString()).isEqualTo("test");
        awaitReceived("opened after the pause", "/gone", tried + 2);
        assertThat(channel("gone").get("status").asString()).isEqualTo("ok");
    }

    @Test
    void testsByTheRealWayAndSaysWhatCameOfIt() {
        receiver.on("/rude", 404);

        JsonNode refused = api.post("/channels/rude/test").json();
        receiver.works("/rude");
        JsonNode taken = api.post("/channels/rude/test").json();

        assertThat(refused.get("status").asString()).isEqualTo("dead");
        assertThat(refused.get("last_status").asInt()).isEqualTo(404);
        assertThat(refused.get("last_error").asString()).isEqualTo("The receiver answered 404");
        assertThat(taken.get("status").asString()).isEqualTo("sent");
        assertThat(receiver.at("/rude").get(1).json().get("text").asString())
                .isEqualTo("Test of the channel rude: it works.");
    }

    @Test
    void givesUpWhatAChatWillNeverTakeAndTriesItAgainOnRequest() {
        receiver.on("/picky", 400);
        resource = "picky-" + count;
        fail();
        await().atMost(PATIENCE)
                .until(() -> notifications("picky").stream()
                        .anyMatch(each -> each.get("status").asString().equals("dead")));
        receiver.works("/picky");
        String dead = api.get("/notifications?channel=picky&status=dead")
                .json()
                .at("/notifications/0/notification_id")
                .asString();

        Response retried = api.post("/notifications/" + dead + "/retry");

        assertThat(retried.json().get("status").asString()).isEqualTo("pending");
        awaitText("/picky", resource + ": failed", 2);
        await().atMost(PATIENCE)
                .until(() -> api.post("/notifications/" + dead + "/retry").status() == 409);
        assertThat(api.post("/notifications/" + dead + "/retry").problem()).isEqualTo("notification-not-retryable");
        assertThat(api.post("/notifications/" + UUID.randomUUID() + "/retry").problem())
                .isEqualTo("notification-not-found");
        assertThat(api.post("/channels/nobody/test").problem()).isEqualTo("channel-not-found");
    }

    @Test
    void followsNoRedirectAndTakesNoOkThatIsNone() {
        receiver.on("/rude", exchange -> {
            exchange.getResponseHeaders().add("Location", receiver.url("/elsewhere"));
            Receiver.answer(exchange, 302, "");
        });
        JsonNode redirected = api.post("/channels/rude/test").json();
        receiver.on("/rude", exchange -> Receiver.answer(exchange, 200, "<html>Sign in</html>"));
        JsonNode page = api.post("/channels/rude/test").json();
        receiver.works("/rude");

        assertThat(redirected.get("last_error").asString())
                .isEqualTo("The receiver redirects, which is not followed: 302");
        assertThat(receiver.at("/elsewhere")).isEmpty();
        assertThat(page.get("last_error").asString()).isEqualTo("The receiver answered 200 without ok");
    }

    @Test
    void readsLittleOfALongAnswer() {
        receiver.on("/rude", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1024 * 1024];
            try (var out = exchange.getResponseBody()) {
                for (int i = 0; i < 100; i++) {
                    out.write(block);
                }
            }
        });

        JsonNode test = api.post("/channels/rude/test").json();
        receiver.works("/rude");

        assertThat(test.get("last_error").asString()).isEqualTo("The receiver answered 200 without ok");
    }

    /** Twenty minutes in which three things happened, of which one is over: in their order, and people get one message. */
    @Test
    void sendsInOrderWhatHappenedWhileAReceiverWasDown() {
        receiver.on("/ops", 503);
        receiver.on("/order", 503);
        for (String name : List.of("order-first-", "order-second-", "ops-first-", "ops-second-")) {
            resource = name + count;
            fail();
            await().atMost(PATIENCE).until(() -> incidents() == 1);
        }
        for (String name : List.of("order-first-", "ops-first-")) {
            resource = name + count;
            api.post("/sync-states/" + resource + "/start");
            succeed();
            await().atMost(PATIENCE).until(() -> incidents() == 0);
        }
        await().atMost(PATIENCE).until(() -> database.query("""
                select count(*) = 2 from public.vantage_channel where name in ('ops', 'order') and failures > 0
                """).equals("t"));
        database.execute("""
                update public.vantage_channel set failing_since = failing_since - interval '20 minutes'
                where name in ('ops', 'order')
                """);
        assertThat(api.get("/alerts").body()).contains("\"channel/ops\"", "\"channel/order\"");
        receiver.works("/ops");
        receiver.works("/order");
        int before = receiver.at("/ops").size();

        await().atMost(PATIENCE).until(() -> {
            passWaits("ops");
            passWaits("order");
            return pending("ops") + pending("order") == 0;
        });

        List<String> webhook = receiver.at("/order").stream()
                .filter(each -> each.resource().endsWith("-" + count))
                .map(each -> each.resource() + " " + each.type())
                .distinct()
                .toList();
        assertThat(webhook)
                .containsSubsequence("order-first-" + count + " alert.opened", "order-first-" + count + " alert.closed")
                .contains("order-second-" + count + " alert.opened")
                .hasSize(3);
        List<Received> chat = receiver.at("/ops");
        assertThat(chat.subList(before, chat.size()))
                .anySatisfy(
                        message -> assertThat(message.body()).contains("ops-first-" + count, "ops-second-" + count));
        assertThat(api.get("/alerts").body()).doesNotContain("\"channel/ops\"", "\"channel/order\"");
    }

    @Test
    void waitsAsLongAsTheReceiverAsks() {
        receiver.on("/down", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "1800");
            Receiver.answer(exchange, 429, "");
        });
        resource = "down-" + count;
        fail();
        awaitReceived("opened", "/down", 1);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(database.query("""
                        select hold_until between now() + interval '29 minutes' and now() + interval '30 minutes'
                        from public.vantage_channel where name = 'down'
                        """)).isEqualTo("t"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void showsNoAddressAndNoSecret(CapturedOutput output) {
        receiver.on("/rude", 500);
        receiver.on("/pager", 400);
        StringBuilder shown = new StringBuilder();
        for (String channel : List.of("rude", "nameless", "shut", "plain", "pager", "nobody")) {
            shown.append(api.post("/channels/" + channel + "/test").body());
        }
        receiver.works("/rude");
        database.execute(
                "update public.vantage_channel set failing_since = now() - interval '1 hour' where name = 'shut'");
        await().atMost(PATIENCE).until(() -> database.query("""
                select count(*) from public.vantage_incident_event e where e.body ->> 'resource' = 'channel/shut'
                """).equals("1"));

        for (String path : List.of("/channels", "/notifications", "/alerts", "/incidents", "/actuator/prometheus")) {
            shown.append(api.get(path).body());
        }
        shown.append(everyRow()).append(output);

        assertThat(shown.toString())
                .contains(
                        "Notification to rude not delivered",
                        "The receiver's name has no address",
                        "The receiver refuses connections",
                        "The receiver did not answer in time",
                        "The receiver does not take the message: 400",
                        "The channel shut has delivered nothing")
                .doesNotContain(receiver.url("").substring(7), "nobody.invalid", TOKEN, SECRET, SECRET.substring(6));
    }

    /** Of all tables. */
    private String everyRow() {
        return database.superuser().query("""
                select string_agg(query_to_xml(format('select t::text from %I.%I as t', t.table_schema, t.table_name), true, true, '')::text, '')
                from information_schema.tables t
                where t.table_schema = 'public' and t.table_type = 'BASE TABLE'
                """);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As though the time until the next attempt had gone by. */
    private void passWaits(String channel) {
        database.execute(
                "update public.vantage_notification set next_at = now() where status = 'pending' and channel = '"
                        + channel + "'");
        database.execute("update public.vantage_channel set hold_until = null where name = '" + channel + "'");
    }

    private void webhook(List<String> settings, String name, String resources) {
        channel(settings, name, "webhook", resources);
        settings.add("--vantage.notify.channels." + name + ".secret=" + SECRET);
    }

    private void channel(List<String> settings, String name, String kind, String resources) {
        channel(settings, name, kind, resources, receiver.url("/" + name));
    }

    private static void channel(List<String> settings, String name, String kind, String resources, String url) {
        String prefix = "--vantage.notify.channels." + name + ".";
        settings.addAll(List.of(
                prefix + "kind=" + kind,
                prefix + "url=" + url,
                prefix + "resources=" + resources,
                prefix + "allow-private=true"));
    }

    private void fail() {
        api.post("/sync-states/" + resource + "/start");
        api.post(
                "/sync-states/" + resource + "/fail",
                "{\"errors\": [{\"code\": \"API_TIMEOUT\", \"message\": \"No <answer>\"}]}");
    }

    private void succeed() {
        api.post("/sync-states/" + resource + "/complete");
    }

    private int incidents() {
        return api.get("/incidents?open=true&resource=" + resource)
                .json()
                .get("incidents")
                .size();
    }

    /** What came of this test's resource, once there is so much. */
    private List<Received> awaitReceived(String what, String path, int number) {
        await(what).atMost(Duration.ofSeconds(60)).until(() -> ofThisTest(path).size() >= number);
        return ofThisTest(path);
    }

    private List<Received> ofThisTest(String path) {
        return receiver.at(path).stream()
                .filter(each -> each.resource().equals(resource) || each.type().equals("notification.test"))
                .toList();
    }

    private List<Received> awaitText(String path, String text, int number) {
        await(text).atMost(PATIENCE).until(() -> ofText(path, text).size() >= number);
        return ofText(path, text);
    }

    private List<Received> ofText(String path, String text) {
        return receiver.at(path).stream()
                .filter(each -> each.body().contains(text))
                .toList();
    }

    private JsonNode channel(String name) {
        for (JsonNode channel : api.get("/channels").json()) {
            if (channel.get("name").asString().equals(name)) {
                return channel;
            }
        }
        throw new AssertionError("No channel " + name);
    }

    private long sent(String channel) {
        return ofThisIncident(channel).stream()
                .filter(each -> each.get("status").asString().equals("sent"))
                .count();
    }

    /** What is to be sent of this test's resource, or was. */
    private List<JsonNode> ofThisIncident(String channel) {
        String incident = api.get("/incidents?resource=" + resource)
                .json()
                .at("/incidents/0/incident_id")
                .asString();
        return notifications(channel + "&incident_id=" + incident);
    }

    private long pending(String channel) {
        return channel(channel).get("pending").asInt();
    }

    private List<JsonNode> notifications(String channel) {
        List<JsonNode> found = new ArrayList<>();
        api.get("/notifications?limit=100&channel=" + channel)
                .json()
                .get("notifications")
                .forEach(found::add);
        return found;
    }
}
