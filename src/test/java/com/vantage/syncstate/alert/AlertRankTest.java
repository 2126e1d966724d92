package com.vantage.syncstate.alert;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which kind of alert is worse is decided in the view; whatever else lists the kinds follows it. */
class AlertRankTest extends ApiTest {

    private static final Path PAGE = Path.of("src/main/resources/static/dashboard/domain/urgency.js");

    private List<String> kinds;

    @BeforeEach
    void rankEveryKind() {
        database.execute("""
                insert into public.vantage_sync_state (
                  resource, last_sync_status, started_at, completed_at, last_sync_time, created_at)
                values
                  ('a', 'failed', now() - interval '1 hour', now(), null, now() - interval '3 days'),
                  ('b', 'running', now() - interval '1 hour', null, now(), now())
                """);
        kinds = Arrays.asList(database.query("""
                select string_agg(kind, ' ' order by rank) from public.vantage_sync_alert where resource in ('a', 'b')
                """).split(" "));
    }

    @Test
    void serviceListsTheKindsWorstFirst() {
        assertThat(Arrays.stream(AlertKind.values()).map(AlertKind::value)).containsExactlyElementsOf(kinds);
    }

    @Test
    void pageListsTheKindsWorstFirst() {
        String list = kinds.stream().map(kind -> '"' + kind + '"').collect(joining(", "));

        assertThat(PAGE).content().contains("ALERT_KINDS = [" + list + "]");
    }
}
