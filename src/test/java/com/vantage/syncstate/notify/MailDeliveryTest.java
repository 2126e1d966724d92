package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.Ports;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** Mail, as a mail server has it. */
@TestInstance(Lifecycle.PER_CLASS)
class MailDeliveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GreenMail server = new GreenMail(ServerSetup.SMTP.dynamicPort());
    private final Address database = TestDatabase.create();
    private ServiceInstance instance;
    private ApiClient api;

    @BeforeAll
    void start() {
        server.start();
        instance = ServiceInstance.on(
                database,
                "--vantage.incidents.interval=PT1S",
                "--spring.mail.host=127.0.0.1",
                "--spring.mail.port=" + server.getSmtp().getPort(),
                "--vantage.notify.from=sync@example.com",
                "--vantage.notify.channels.post.kind=email",
                "--vantage.notify.channels.post.to=ops@example.com,team@example.com",
                "--vantage.notify.channels.post.resources=job-*");
        api = instance.api();
    }

    @AfterAll
    void end() {
        instance.close();
        server.stop();
    }

    @Test
    void saysInTheSubjectWhatIsWrongAndThreadsTheMailsOfAnIncident() throws Exception {
        api.post("/sync-states/job-1/start");
        api.post(
                "/sync-states/job-1/fail",
                "{\"errors\": [{\"code\": \"API_TIMEOUT\", \"message\": \"No answer\\r\\nBcc: all@example.com\"}]}");
        MimeMessage opened = mail("job-1: failed");
        api.post("/sync-states/job-1/start");
        api.post("/sync-states/job-1/complete");
        MimeMessage closed = mail("job-1: back to normal");

        assertThat(opened.getSubject())
                .isEqualTo("job-1: failed. The latest run of job-1 failed with API_TIMEOUT \"No answer Bcc:"
                        + " all@example.com\".");
        assertThat(opened.getAllRecipients())
                .extracting(Object::toString)
                .containsExactly("ops@example.com", "team@example.com");
        assertThat(opened.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
        assertThat(opened.getHeader("Message-ID", null)).endsWith("@vantage-sync-state>");
        assertThat(opened.getHeader("References", null)).isEqualTo(closed.getHeader("References", null));
        assertThat(opened.getHeader("Message-ID", null)).isNotEqualTo(closed.getHeader("Message-ID", null));
        assertThat(GreenMailUtil.getBody(closed)).contains("job-1 is green: it succeeded at");
    }

    @Test
    void saysInTheSubjectThatManyLikelyHaveOneCause() throws Exception {
        database.execute("""
                insert into public.vantage_sync_state (resource, last_sync_status, started_at)
                select 'job-away-' || i, 'running', now() - interval '1 hour' from generate_series(1, 6) as i
                """);

        MimeMessage mail = mail("6 of ");

        assertThat(mail.getSubject())
                .matches("6 of (9|10) resources went stuck or stale within 5 minutes, likely by one cause");
        assertThat(GreenMailUtil.getBody(mail)).contains("job-away-1: stuck. ", "job-away-6: stuck. ");
    }

    @Test
    void testsByTheRealWay() throws Exception {
        JsonNode sent = api.post("/channels/post/test").json();

        assertThat(sent.get("status").asString()).isEqualTo("sent");
        assertThat(mail("Test of the channel post").getHeader("References")).isNull();
    }

    /** Nor is it a reason to take the service out of the balancer. */
    @Test
    void saysWhyItCannotWhereTheServerIsDown() throws Exception {
        int nobody = Ports.free();
        try (var other = ServiceInstance.on(
                TestDatabase.create(),
                "--spring.mail.host=127.0.0.1",
                "--spring.mail.port=" + nobody,
                "--vantage.notify.from=sync@example.com",
                "--vantage.notify.channels.post.kind=email",
                "--vantage.notify.channels.post.to=ops@example.com")) {
            JsonNode dead = other.api().post("/channels/post/test").json();

            assertThat(dead.get("status").asString()).isEqualTo("dead");
            assertThat(dead.get("last_error").asString()).isEqualTo("The mail server cannot be reached");
            assertThat(other.api().get("/actuator/health").status()).isEqualTo(200);
        }
    }

    private MimeMessage mail(String subject) {
        return await(subject).atMost(PATIENCE).until(() -> find(subject), found -> found != null);
    }

    private MimeMessage find(String subject) throws Exception {
        for (MimeMessage message : server.getReceivedMessages()) {
            if (message.getSubject().startsWith(subject)) {
                return message;
            }
        }
        return null;
    }
}
