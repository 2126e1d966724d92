package com.vantage.syncstate.database;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.OriginalTable;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The rows of an original table in use are all there once the service has started on it, each by the rules of now. */
@ParameterizedClass
@EnumSource(TestServer.class)
class OriginalTableTest {

    private static final String TIME = "2025-(\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)\\.000000Z";

    private static Address database;
    private static ServiceInstance service;

    @Parameter
    TestServer server;

    @BeforeParameterizedClassInvocation
    static void start(TestServer server) {
        database = server.create();
        OriginalTable.createInUse(database);
        service = ServiceInstance.on(database);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        service.close();
    }

    @Test
    void keepsEachRowAndPutsItRight() {
        String states = lines(
                api().get("/sync-states?sort=resource").json(),
                "resource",
                "last_sync_status",
                "last_sync_time",
                "records_synced",
                "records_created",
                "records_updated",
                "errors",
                "started_at",
                "completed_at",
                "duration_ms");

        assertThat(states).isEqualTo("""
            accounts|never_run|-|0|0|0|[]|-|-|-
            cashflows|never_run|-|0|0|0|[]|-|-|-
            failed-of-nulls|failed|-|0|0|0|[]|now|now|0
            far-ahead|success|11-05 10:30:00|0|0|0|[]|11-05 10:30:00|11-05 10:30:00|0
            funds|never_run|-|0|0|0|[]|-|-|-
            my_accounts|success|11-05 10:30:00|1|1|0|[]|11-05 10:29:47|11-05 10:30:00|13000
            positions|success|11-05 10:30:00|1250|15|1235|[]|11-05 10:29:47|11-05 10:30:00|13000
            prices|failed|11-04 10:30:00|10|4|6|[{"code":"TIMEOUT","message":"No answer"}]|11-05 10:29:47|11-05 10:30:00|13000
            running-with-end|running|-|0|0|0|[]|11-05 10:30:00|-|-
            running-without-start|running|-|0|0|0|[]|11-05 10:30:00|-|-
            success-without-time|success|11-05 10:30:00|0|0|0|[{"code":"x"}]|11-05 10:30:00|11-05 10:30:00|0
            trades|running|-|0|0|0|[]|11-05 10:30:00|-|-
            """);
    }

    @Test
    void keepsWhenEachWasRegisteredAndLastUpdated() {
        String states = lines(
                api().get("/sync-states?sort=resource").json(), "resource", "created_at", "updated_at", "watermark");

        assertThat(states).isEqualTo("""
            accounts|now|now|-
            cashflows|now|now|-
            failed-of-nulls|now|now|-
            far-ahead|11-01 00:00:00|11-05 10:30:00|-
            funds|now|now|-
            my_accounts|11-01 00:00:00|11-05 10:30:00|-
            positions|11-01 00:00:00|11-05 10:30:00|11-05 10:29:47
            prices|11-01 00:00:00|11-05 10:30:00|-
            running-with-end|11-01 00:00:00|11-05 10:30:00|-
            running-without-start|11-01 00:00:00|11-05 10:30:00|-
            success-without-time|11-01 00:00:00|11-05 10:30:00|-
            trades|11-01 00:00:00|11-05 10:30:00|-
            """);
    }

    @Test
    void givesEachThatHasRunItsLatestRun() {
        String runs = states().map(state -> {
                    JsonNode found = api().get(
                                    "/sync-states/" + state.get("resource").asString() + "/runs")
                            .json()
                            .get("runs");
                    assertThat(found.size()).isEqualTo(state.get("run_id").isNull() ? 0 : 1);
                    found.forEach(run -> assertThat(run.get("run_id")).isEqualTo(state.get("run_id")));
                    return lines(
                            found,
                            "resource",
                            "status",
                            "started_at",
                            "completed_at",
                            "duration_ms",
                            "records_synced",
                            "records_created",
                            "records_updated",
                            "errors",
                            "watermark");
                })
                .collect(joining());

        assertThat(runs).isEqualTo("""
            failed-of-nulls|failed|now|now|0|0|0|0|[]|-
            far-ahead|success|11-05 10:30:00|11-05 10:30:00|0|0|0|0|[]|-
            my_accounts|success|11-05 10:29:47|11-05 10:30:00|13000|1|1|0|[]|-
            positions|success|11-05 10:29:47|11-05 10:30:00|13000|1250|15|1235|[]|11-05 10:29:47
            prices|failed|11-05 10:29:47|11-05 10:30:00|13000|0|0|0|[{"code":"TIMEOUT","message":"No answer"}]|-
            running-with-end|running|11-05 10:30:00|-|-|0|0|0|[]|-
            running-without-start|running|11-05 10:30:00|-|-|0|0|0|[]|-
            success-without-time|success|11-05 10:30:00|11-05 10:30:00|0|0|0|0|[]|-
            trades|running|11-05 10:30:00|-|-|0|0|0|[]|-
            """);
    }

    @Test
    void computesTheAlertsOfEach() {
        String alerts = states().map(state -> state.get("resource").asString() + " "
                        + state.get("alerts").values().stream()
                                .map(alert -> alert.get("kind").asString())
                                .collect(joining(" ")))
                .collect(joining("\n"));

        assertThat(alerts).isEqualTo("""
                accounts stale
                cashflows stale
                failed-of-nulls failed
                far-ahead stale
                funds stale
                my_accounts stale
                positions stale
                prices failed stale
                running-with-end stuck stale
                running-without-start stuck stale
                success-without-time stale
                trades stuck stale""");
    }

    @Test
    void keepsWhatPeopleHaveAdded() {
        assertThat(database.query("select string_agg(distinct owner_team, ',') from public.vantage_sync_state"))
                .isEqualTo("data");
        assertThat(database.query("select count(*) from public.my_dashboard")).isEqualTo("9");
    }

    @Test
    void replacesThePoliciesOfItsRoles() {
        assertThat(database.query("select string_agg(policyname, ',' order by policyname) from pg_policies"
                        + " where tablename = 'vantage_sync_state'"))
                .isEqualTo("vantage_sync_state_read,vantage_sync_state_write");
    }

    private static ApiClient api() {
        return service.api();
    }

    private static Stream<JsonNode> states() {
        return api().get("/sync-states?sort=resource").json().values().stream();
    }

    private static String lines(JsonNode rows, String... keys) {
        return rows.values().stream()
                .map(row -> Stream.of(keys).map(key -> text(row.get(key))).collect(joining("|")) + "\n")
                .collect(joining());
    }

    private static String text(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "-";
        }
        String text = value.isString() ? value.asString() : value.toString();
        return isNow(text) ? "now" : text.replaceAll(TIME, "$1 $2");
    }

    private static boolean isNow(String text) {
        return text.matches("\\d{4}-.*T.*Z")
                && Instant.parse(text).isAfter(Instant.now().minus(Duration.ofMinutes(10)));
    }
}
