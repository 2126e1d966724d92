package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.vantage.syncstate.incident.Incident.Severity;
import com.vantage.syncstate.notify.NotifyProperties.ChannelProperties;
import com.vantage.syncstate.support.Migrations;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is sent of every kind of alert and of their combinations, word for word, whatever session evaluates them. */
@TestInstance(Lifecycle.PER_CLASS)
class GoldenMessagesTest {

    private static final Path DIRECTORY = Path.of("src", "test", "resources", "golden");
    private static final Path GOLDEN = DIRECTORY.resolve("messages.txt");
    private static final String WRITE = "mvn -q verify -Dtest=GoldenMessagesTest -Dvantage.golden.write=true";

    /** A message that is longer is cut off by Slack. */
    private static final int MAX_SLACK = 40_000;

    private static final int MAX_PAGER_DUTY = 512 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final GreenMail mailServer = new GreenMail(ServerSetup.SMTP.dynamicPort());
    private final Links links = new Links(new NotifyProperties(Map.of(), null, "https://sync.example.com/"));
    private final SlackMessages slack = new SlackMessages(JSON, links);
    private final TeamsMessages teams = new TeamsMessages(JSON, links);
    private final PagerDutyMessages pagerDuty = new PagerDutyMessages(JSON, links);
    private final WebhookMessages webhook = new WebhookMessages(JSON, links);

    @BeforeAll
    void start() {
        mailServer.start();
    }

    @AfterAll
    void end() {
        mailServer.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 'ISO, YMD', iso_8601",
        "Asia/Kolkata, 'German, DMY', postgres_verbose",
        "America/St_Johns, 'SQL, MDY', sql_standard"
    })
    void areTheSameInSessionsOfAnyTimeZone(String zone, String dates, String intervals) throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        List<String> sections = new ArrayList<>();
        try (Connection connection = Migrations.all().connect();
                Statement session = connection.createStatement()) {
            session.execute("set timezone = '%s'; set intervalstyle = '%s'".formatted(zone, intervals));
            session.execute("""
                    create function pg_temp.at(p_minutes integer)
                    returns timestamptz
                    language sql
                    as $$ select to_timestamp(%d) - p_minutes * interval '1 minute' $$
                    """.formatted(now.getEpochSecond()));
            evaluate(session, dates, "states.sql");
            List<Notification> opened = events(session);
            sections.addAll(explanations(session, dates));
            evaluate(session, dates, "later.sql");
            for (Notification event : events(session)) {
                sections.add(section(event));
            }
            sections.add("# all that opened, in one message\n\nSlack: " + slack(ChatText.of(opened, null)));
        }

        String actual = RelativeTimes.since(now).in(String.join("\n\n", sections)) + "\n";

        if (Boolean.getBoolean("vantage.golden.write") && zone.equals("UTC")) {
            Files.writeString(GOLDEN, actual);
        }
        assertThat(actual.lines())
                .as("Where this is right, write %s anew: %s", GOLDEN, WRITE)
                .containsExactlyElementsOf(Files.readAllLines(GOLDEN));
        assertThat(actual)
                .doesNotContainPattern("[\\p{Cntrl}&&[^\\n]]|[\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]");
    }

    /** The driver takes no answer in another style of dates; what is written meanwhile is. */
    private static void withDates(Statement session, String style, String sql) throws SQLException {
        session.execute("set datestyle = '" + style + "';\n" + sql + ";\nreset datestyle");
    }

    private static void evaluate(Statement session, String dates, String states) throws IOException, SQLException {
        withDates(
                session,
                dates,
                Files.readString(DIRECTORY.resolve(states)) + ";\nselect public.evaluate_vantage_alerts()");
    }

    private String section(Notification event) throws Exception {
        ChatText text = ChatText.of(List.of(event), null);
        byte[] card = teams.write(text).body();
        byte[] page =
                pagerDuty.write(channel(ChannelKind.PAGERDUTY, "key"), event).body();
        byte[] hook = webhook.write(TestChannel.webhook("https://hooks.example.com/", TestChannel.SECRET), event)
                .body();
        MimeMessage mail = mail(text, event);
        assertThat(card).hasSizeLessThanOrEqualTo(TeamsMessages.MAX_BYTES);
        assertThat(page).hasSizeLessThanOrEqualTo(MAX_PAGER_DUTY);
        assertThat(hook).hasSizeLessThanOrEqualTo(WebhookMessages.MAX_BYTES);
        return String.join(
                "\n\n",
                "# " + event.text("resource") + ": " + event.type(),
                event.text("detail"),
                "Slack: " + slack(text),
                "Teams: " + new String(card, StandardCharsets.UTF_8),
                "PagerDuty: " + explained(page, "/payload/custom_details", event),
                "Webhook: " + explained(hook, "/data", event),
                "Mail: " + mail.getSubject() + "\n\n"
                        + mail.getContent().toString().replace("\r\n", "\n").strip());
    }

    /** The explanation is in the mail already, as it is. */
    private static String explained(byte[] message, String place, Notification event) {
        JsonNode root = JSON.readTree(message);
        var parent = (ObjectNode) root.at(place);
        assertThat(parent.path("explanation").asString("")).isEqualTo(event.text("explanation"));
        parent.put("explanation", "…");
        return root.toString();
    }

    private String slack(ChatText text) {
        byte[] message = slack.write(text).body();
        assertThat(message).hasSizeLessThanOrEqualTo(MAX_SLACK);
        return new String(message, StandardCharsets.UTF_8);
    }

    private MimeMessage mail(ChatText text, Notification event) throws Exception {
        var server = new JavaMailSenderImpl();
        server.setHost("127.0.0.1");
        server.setPort(mailServer.getSmtp().getPort());
        var sender = new SmtpSender(
                new StaticListableBeanFactory(Map.of("mail", server)).getBeanProvider(JavaMailSender.class), links);
        assertThat(sender.send(channel(ChannelKind.EMAIL), text, event).error()).isNull();
        MimeMessage[] received = mailServer.getReceivedMessages();
        return received[received.length - 1];
    }

    private static Channel channel(ChannelKind kind, String... secrets) {
        var properties = new ChannelProperties(
                kind,
                null,
                List.of(secrets),
                List.of("ops@example.com"),
                Severity.WARNING,
                List.of(),
                List.of(),
                null,
                false);
        return Channel.of("ops", properties, "sync@example.com");
    }

    private static List<String> explanations(Statement session, String dates) throws SQLException {
        withDates(session, dates, """
                create temporary table explained on commit preserve rows as
                select s.resource, public.explain_vantage_sync(s.resource) as explanation
                from public.vantage_sync_state s
                """);
        List<String> sections = new ArrayList<>();
        try (ResultSet rows = session.executeQuery(
                "select e.resource, e.explanation from explained e order by e.resource collate \"C\"")) {
            while (rows.next()) {
                var json = (ObjectNode) JSON.readTree(rows.getString(2));
                String text = json.remove("text").asString();
                sections.add("# " + rows.getString(1) + ": explained\n\n" + text + "\n\n" + json);
            }
        }
        return sections;
    }

    private static List<Notification> events(Statement session) throws SQLException {
        List<Notification> events = new ArrayList<>();
        try (ResultSet rows = session.executeQuery("""
                select e.event_id, e.incident_id, e.seq, e.type, e.at, e.body
                from public.vantage_incident_event e
                order by e.body ->> 'resource' collate "C", e.seq
                """)) {
            while (rows.next()) {
                events.add(new Notification(
                        UUID.randomUUID(),
                        rows.getObject(1, UUID.class),
                        rows.getObject(2, UUID.class),
                        rows.getInt(3),
                        rows.getString(4),
                        rows.getObject(5, OffsetDateTime.class).toInstant(),
                        JSON.readTree(rows.getString(6))));
            }
        }
        return events;
    }
}
