package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What people read, word for word. */
class ChatTextTest {

    private static final Instant START = Instant.parse("2026-11-24T05:31:02Z");
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void oneThatOpens() {
        ChatText text = ChatText.of(List.of(event(1, "opened", "funds", "failed", 0)), null);

        assertThat(text)
                .isEqualTo(new ChatText(
                        "funds: failed", "Detail of funds.", List.of("Why funds?", "Next: look"), true, true));
    }

    @Test
    void anOpeningThatWasNotSentGoesWithItsClosing() {
        ChatText text = ChatText.of(
                List.of(event(1, "opened", "funds", "failed", 0), event(1, "closed", "funds", "failed", 540)), null);

        assertThat(text.headline()).isEqualTo("funds: failed from 05:31:02 to 05:40:02 UTC, back to normal");
        assertThat(text.red()).isFalse();
    }

    @Test
    void whatHappensToOneOnTheWay() {
        assertThat(headline("changed")).isEqualTo("funds: now failed");
        assertThat(headline("reminder")).isEqualTo("funds: still failed");
        assertThat(headline("acknowledged")).isEqualTo("funds: acknowledged");
        assertThat(headline("flapping")).isEqualTo("funds: flapping, nothing more is sent until it lasts");
        assertThat(headline("closed")).isEqualTo("funds: back to normal");
    }

    @Test
    void severalAtOnceAreCountedAndTenAreNamed() {
        List<Notification> events = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            events.add(event(i, i <= 2 ? "closed" : "opened", "r" + i, "failed", 0));
        }

        ChatText text = ChatText.of(events, null);

        assertThat(text.headline()).isEqualTo("10 incidents, 2 back to normal");
        assertThat(text.lines())
                .hasSize(11)
                .startsWith("r1: back to normal. Detail of r1.")
                .endsWith("2 more");
    }

    @Test
    void manyThatGoSilentTogetherHaveOneCause() {
        String cause = "7 of 10 resources went stuck or stale within 5 minutes, likely by one cause";

        ChatText several =
                ChatText.of(List.of(event(1, "opened", "a", "stuck", 0), event(2, "opened", "b", "stuck", 0)), cause);
        ChatText one = ChatText.of(List.of(event(1, "opened", "a", "stuck", 0)), cause);

        assertThat(several.headline()).isEqualTo(cause);
        assertThat(several.lines()).containsExactly("a: stuck. Detail of a.", "b: stuck. Detail of b.");
        assertThat(one.headline()).isEqualTo(cause);
        assertThat(one.lines()).containsExactly("a: stuck. Detail of a.");
    }

    @Test
    void aLongLineIsCut() {
        Notification event = new Notification(
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                1,
                "opened",
                START,
                JSON.valueToTree(Map.of("resource", "funds", "kinds", List.of("failed"), "detail", "x".repeat(5_000))));

        assertThat(ChatText.of(List.of(event), null).cause()).hasSize(600).endsWith("x…");
    }

    private static String headline(String type) {
        return ChatText.of(List.of(event(1, type, "funds", "failed", 0)), null).headline();
    }

    private static Notification event(int incident, String type, String resource, String kind, int second) {
        return new Notification(
                UUID.randomUUID(),
                UUID.randomUUID(),
                new UUID(0, incident),
                1,
                type,
                START.plusSeconds(second),
                JSON.valueToTree(Map.of(
                        "resource",
                        resource,
                        "severity",
                        "error",
                        "kinds",
                        List.of(kind),
                        "detail",
                        "Detail of " + resource + ".",
                        "explanation",
                        "Why " + resource + "?\nNext: look")));
    }
}
