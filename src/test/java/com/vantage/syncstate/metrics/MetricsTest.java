package com.vantage.syncstate.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The states as metrics. */
class MetricsTest extends ApiTest {

    @AfterEach
    void letTheDatabaseAnswer() {
        database.superuser()
                .server()
                .superuser("postgres")
                .execute("alter database " + database.name() + " allow_connections true");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(service.put("/sync-states/accounts").status()).isEqualTo(200);
            assertThat(scrape()).contains("vantage_sync_database_up 1.0");
        });
    }

    @Test
    void reportTheLastSuccess() {
        service.post("/sync-states/accounts/start");
        service.post("/sync-states/accounts/complete", "{\"records_synced\": 120}");
        database.execute("""
                update public.vantage_sync_state
                set started_at = '2026-01-01T00:00:00.25Z', completed_at = '2026-01-01T00:00:10.75Z',
                  last_sync_time = '2026-01-01T00:00:10.75Z'
                where resource = 'accounts'
                """);

        assertThat(scrape())
                .contains(
                        "vantage_sync_last_success_timestamp_seconds{resource=\"accounts\"} 1.76722561075E9",
                        "vantage_sync_duration_seconds{resource=\"accounts\"} 10.5",
                        "vantage_sync_records{resource=\"accounts\"} 120.0",
                        "vantage_sync_database_up 1.0")
                .noneMatch(line -> line.startsWith("vantage_sync_last_success_timestamp_seconds{resource=\"funds\"")
                        || line.startsWith("vantage_sync_duration_seconds{resource=\"funds\"")
                        || line.startsWith("vantage_sync_records{resource=\"funds\""));
    }

    @Test
    void reportTheStatusAndTheAlertsAsOneOrZero() {
        service.post("/sync-states/funds/start");
        service.post("/sync-states/funds/fail", "{\"errors\": []}");

        assertThat(scrape())
                .contains(
                        "vantage_sync_status{resource=\"funds\",status=\"failed\"} 1.0",
                        "vantage_sync_status{resource=\"funds\",status=\"never_run\"} 0.0",
                        "vantage_sync_status{resource=\"funds\",status=\"running\"} 0.0",
                        "vantage_sync_status{resource=\"funds\",status=\"success\"} 0.0",
                        "vantage_sync_alert{kind=\"failed\",resource=\"funds\"} 1.0",
                        "vantage_sync_alert{kind=\"stuck\",resource=\"funds\"} 0.0",
                        "vantage_sync_alert{kind=\"stale\",resource=\"funds\"} 0.0",
                        "vantage_sync_alert{kind=\"slow\",resource=\"funds\"} 0.0",
                        "vantage_sync_status{resource=\"accounts\",status=\"never_run\"} 1.0",
                        "vantage_sync_alert{kind=\"failed\",resource=\"accounts\"} 0.0");
    }

    @Test
    void forgetADeletedResource() {
        service.put("/sync-states/gone");
        List<String> before = scrape();

        service.delete("/sync-states/gone");

        assertThat(before).anyMatch(line -> line.contains("resource=\"gone\""));
        assertThat(scrape()).noneMatch(line -> line.contains("resource=\"gone\""));
    }

    @Test
    void reportThatTheDatabaseIsLostAndKeepAllElse() {
        database.superuser().server().superuser("postgres").execute("""
                alter database %1$s allow_connections false;
                select pg_terminate_backend(pid) from pg_stat_activity where datname = '%1$s'
                """.formatted(database.name()));

        List<String> lost = scrape();

        assertThat(lost)
                .contains("vantage_sync_database_up 0.0")
                .noneMatch(line -> line.startsWith("vantage_sync_status"))
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"));
    }

    private List<String> scrape() {
        return reader.get("/actuator/prometheus").body().lines().toList();
    }
}
