package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.docs.Markdown;
import com.vantage.syncstate.notify.Delivery.Outcome;
import com.vantage.syncstate.support.NodePackages;
import com.vantage.syncstate.support.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The receivers of the quick start and the README, as they are there, and messages as the service sends them. */
@Tag("node")
class ReceiverSamplesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SECTION =
            Markdown.section(Markdown.read(Markdown.QUICKSTART), "## Receive notifications");
    private static final String OLD = TestChannel.SECRET;
    private static final String NEW = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=";
    private static final String OTHER = "whsec_bm9ib2R5IGVsc2Ugc2hvdWxkIGtub3cgdGhpcyBvbmU=";

    private final Links links = new Links(new NotifyProperties(Map.of(), null, null));
    private final WebhookMessages messages = new WebhookMessages(JSON, links);
    private final HttpSender sender = new HttpSender();
    private Path directory;
    private Process process;
    private String url;

    @BeforeAll
    static void install() {
        NodePackages.install();
    }

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(NodePackages.DIRECTORY, "receiver");
    }

    @AfterEach
    void end() throws IOException {
        sender.destroy();
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
        FileSystemUtils.deleteRecursively(directory);
    }

    @ParameterizedTest
    @EnumSource
    void takeOnceWhatEitherSecretHasSigned(Sample sample) throws Exception {
        start(sample);
        Notification opened = notification("opened", "The latest run of fünds failed.");
        Notification closed = notification("closed", "funds succeeded.");

        assertThat(send(opened, OLD).outcome()).isEqualTo(Outcome.SENT);
        assertThat(send(opened, OLD).outcome()).isEqualTo(Outcome.SENT);
        assertThat(send(closed, NEW).outcome()).isEqualTo(Outcome.SENT);
        assertThat(send(notification("test", null), OLD, NEW).outcome()).isEqualTo(Outcome.SENT);

        await().untilAsserted(() -> assertThat(output()).isEqualTo("""
                        alert.opened The latest run of fünds failed.
                        alert.closed funds succeeded.
                        notification.test \
                        """ + "\n"));
    }

    @ParameterizedTest
    @EnumSource
    void refuseWhatIsForgedOrOld(Sample sample) throws Exception {
        start(sample);
        byte[] body = "{\"type\": \"alert.opened\", \"data\": {}}".getBytes(StandardCharsets.UTF_8);
        long now = Instant.now().getEpochSecond();

        assertThat(send(notification("opened", "Forged"), OTHER).status()).isEqualTo(401);
        assertThat(send(body, now - 301, OLD).status()).isEqualTo(401);
        assertThat(post(body, Map.of()).status()).isEqualTo(401);
        assertThat(send(body, now, OLD).status()).isEqualTo(204);

        await().untilAsserted(() -> assertThat(output().strip()).isEqualTo("alert.opened"));
    }

    @Test
    void getWhatTheDocumentShows() {
        JsonNode shown = JSON.readTree(block(SECTION, "json"));

        JsonNode sent = JSON.readTree(
                messages.write(TestChannel.webhook("https://example.com/", OLD), notification("opened", "Failed"))
                        .body());

        assertThat(shown.propertyNames()).containsExactlyElementsOf(sent.propertyNames());
        assertThat(shown.get("data").propertyNames())
                .containsExactlyElementsOf(sent.get("data").propertyNames());
    }

    @Test
    void theChatOfTheReadmePrintsWhatItIsSent() throws Exception {
        start(Sample.PYTHON, block(Markdown.section(Markdown.read(Markdown.README), "## Get notified"), "python"));
        var slack = new SlackMessages(JSON, links);
        var text = new ChatText("funds: failed", "", List.of("No answer.", "Next: curl"), true, true);

        Delivery opened = sender.send(TestChannel.slack(url), slack.write(text));
        Delivery test = sender.send(TestChannel.slack(url), slack.write(ChatText.test("ops")));

        assertThat(List.of(opened.outcome(), test.outcome())).containsOnly(Outcome.SENT);
        await().untilAsserted(() -> assertThat(output()).isEqualTo("""
                        funds: failed
                        No answer.
                        Next: curl
                        Test of the channel ops: it works.
                        """));
    }

    private void start(Sample sample) throws IOException {
        start(sample, block(SECTION, sample.name().toLowerCase(Locale.ROOT)));
    }

    private void start(Sample sample, String text) throws IOException {
        int port = Ports.free();
        url = "http://127.0.0.1:" + port + "/";
        assertThat(text).contains("8090");
        Files.writeString(directory.resolve(sample.file), text.replace("8090", String.valueOf(port)));
        if (!sample.preparation.isEmpty()) {
            NodePackages.Ended prepared = NodePackages.run(List.of(sample.preparation.split(" ", -1)), directory, 60);
            assertThat(prepared.code()).as(prepared.output()).isZero();
        }
        var builder = new ProcessBuilder(sample.command.split(" ", -1))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("WEBHOOK_SECRET", OLD + "," + NEW);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        process = builder.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(process.isAlive()).as(output()).isTrue();
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Without the lines that Python's server logs of each request. */
    private String output() throws IOException {
        StringBuilder output = new StringBuilder();
        for (String line : Files.readAllLines(directory.resolve("output"))) {
            if (!line.startsWith("127.0.0.1 - - ")) {
                output.append(line).append('\n');
            }
        }
        return output.toString();
    }

    private Delivery send(Notification notification, String... secrets) {
        Channel channel = TestChannel.webhook(url, secrets);
        return sender.send(channel, messages.write(channel, notification));
    }

    private Delivery send(byte[] body, long timestamp, String secret) {
        String signature = WebhookSignature.of(new Channel.Setting("test."), List.of(secret))
                .sign("msg_1", timestamp, body);
        return post(
                body,
                Map.of(
                        "webhook-id",
                        "msg_1",
                        "webhook-timestamp",
                        Long.toString(timestamp),
                        "webhook-signature",
                        signature));
    }

    private Delivery post(byte[] body, Map<String, String> headers) {
        return sender.send(TestChannel.webhook(url, OLD), new Message(headers, body));
    }

    private static Notification notification(String type, String detail) {
        boolean isTest = type.equals("test");
        return new Notification(
                UUID.randomUUID(),
                UUID.randomUUID(),
                isTest ? null : UUID.randomUUID(),
                isTest ? null : 1,
                type,
                Instant.parse("2026-11-24T05:31:02Z"),
                isTest ? null : JSON.valueToTree(Map.of("resource", "funds", "detail", detail)));
    }

    private static String block(String section, String language) {
        List<Markdown.Block> blocks = Markdown.blocks(section).stream()
                .filter(block -> block.language().equals(language))
                .toList();
        assertThat(blocks).as(language).hasSize(1);
        return blocks.get(0).text();
    }

    /** A sample, and how it is run. */
    enum Sample {
        PYTHON("receive.py", "", "python3 receive.py"),
        TYPESCRIPT(
                "receive.ts",
                "../node_modules/.bin/esbuild receive.ts --outfile=receive.mjs --log-level=error",
                "node receive.mjs");

        private final String file;
        private final String preparation;
        private final String command;

        Sample(String file, String preparation, String command) {
            this.file = file;
            this.preparation = preparation;
            this.command = command;
        }
    }
}
