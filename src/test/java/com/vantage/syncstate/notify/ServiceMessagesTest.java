package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.incident.Incident.Severity;
import com.vantage.syncstate.notify.NotifyProperties.ChannelProperties;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Teams, PagerDuty and webhooks are sent, by what they document. */
class ServiceMessagesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final UUID INCIDENT = UUID.fromString("9d2c1a0e-5b7f-4c3d-8e6a-1f0b2c3d4e5f");

    private final Links links = new Links(new NotifyProperties(Map.of(), null, "https://sync.example.com/"));
    private final TeamsMessages teams = new TeamsMessages(JSON, links);
    private final PagerDutyMessages pagerDuty = new PagerDutyMessages(JSON, links);

    @Test
    void cardsOfTeamsAreColouredAndTheirTextsPlain() {
        var text = new ChatText("funds: failed", "", List.of("[Click](https://evil.example) *now* #1"), true, true);

        JsonNode card = JSON.readTree(teams.write(text).body()).at("/attachments/0/content");

        assertThat(card.get("version").asString()).isEqualTo("1.2");
        assertThat(card.at("/body/0/color").asString()).isEqualTo("Attention");
        assertThat(card.at("/body/1/text").asString()).isEqualTo("\\[Click\\](https://evil.example) \\*now\\* \\#1");
        assertThat(card.at("/actions/0/url").asString()).isEqualTo("https://sync.example.com/");
    }

    @Test
    void cardsOfTeamsStayInTheirLimit() {
        var text = new ChatText("12 incidents", "", Collections.nCopies(11, "\u20ac".repeat(1_500)), true, false);

        byte[] body = teams.write(text).body();

        assertThat(body.length).isLessThanOrEqualTo(TeamsMessages.MAX_BYTES);
        assertThat(JSON.readTree(body).at("/attachments/0/content/body").size()).isGreaterThan(3);
    }

    @Test
    void eventsOfPagerDutyBelongToTheIncident() {
        JsonNode opened = event("opened", "x".repeat(2_000));

        assertThat(opened.get("routing_key").asString()).isEqualTo("integration-key");
        assertThat(opened.get("event_action").asString()).isEqualTo("trigger");
        assertThat(opened.get("dedup_key").asString()).isEqualTo(INCIDENT.toString());
        assertThat(opened.at("/payload/summary").asString()).hasSize(1_024).startsWith("funds: failed. xxx");
        assertThat(opened.at("/payload/source").asString()).isEqualTo("funds");
        assertThat(opened.at("/payload/severity").asString()).isEqualTo("error");
        assertThat(event("acknowledged", "").get("event_action").asString()).isEqualTo("acknowledge");
        assertThat(event("closed", "").get("event_action").asString()).isEqualTo("resolve");
        assertThat(event("closed", "").get("dedup_key").asString()).isEqualTo(INCIDENT.toString());
    }

    @Test
    void webhooksStayInTheirLimit() {
        List<Map<String, String>> errors =
                Collections.nCopies(3, Map.of("code", "E", "message", "\u20ac".repeat(4_000)));
        Map<String, Object> event =
                Map.of("resource", "funds", "errors", errors, "alerts", List.of(), "detail", "Failed");
        var notification = new Notification(
                UUID.randomUUID(), UUID.randomUUID(), INCIDENT, 1, "opened", Instant.EPOCH, JSON.valueToTree(event));

        byte[] body = new WebhookMessages(JSON, links)
                .write(TestChannel.webhook("https://hooks.example.com/", TestChannel.SECRET), notification)
                .body();

        assertThat(body.length).isLessThanOrEqualTo(WebhookMessages.MAX_BYTES);
        assertThat(JSON.readTree(body).at("/data/errors").isEmpty()).isTrue();
        assertThat(JSON.readTree(body).at("/data/detail").asString()).isEqualTo("Failed");
    }

    private JsonNode event(String type, String detail) {
        var properties = new ChannelProperties(
                ChannelKind.PAGERDUTY,
                null,
                List.of("integration-key"),
                List.of(),
                Severity.ERROR,
                List.of(),
                List.of(),
                null,
                false);
        var notification = new Notification(
                UUID.randomUUID(),
                UUID.randomUUID(),
                INCIDENT,
                1,
                type,
                Instant.parse("2026-11-24T05:31:02Z"),
                JSON.valueToTree(Map.of(
                        "resource", "funds", "severity", "error", "kinds", List.of("failed"), "detail", detail)));
        return JSON.readTree(pagerDuty
                .write(Channel.of("pager", properties, null), notification)
                .body());
    }
}
