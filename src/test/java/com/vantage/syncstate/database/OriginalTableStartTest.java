package com.vantage.syncstate.database;

import static com.vantage.syncstate.database.ExistingDatabaseTest.assertStartsTwice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.OriginalTable;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestServer;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The service starts on an original table, says what it does to it, and goes on where that stands. */
@ParameterizedClass
@EnumSource(TestServer.class)
@ExtendWith(OutputCaptureExtension.class)
class OriginalTableStartTest {

    private static final String CALLS = "select last_sync_status from public.";

    @Parameter
    TestServer server;

    private Address database;

    @BeforeEach
    void createDatabase() {
        database = server.create();
    }

    @Test
    void startsOnOneThatIsNew() {
        OriginalTable.create(database);

        assertStartsTwice(database);

        assertThat(database.query("select string_agg(resource, ',' order by resource) from public.vantage_sync_state"))
                .isEqualTo("accounts,cashflows,funds");
    }

    @Test
    void startsOnOneInUseAndLogsWhatWasDone(CapturedOutput output) {
        OriginalTable.createInUse(database);

        assertStartsTwice(database);

        assertThat(putRight(output))
                .containsExactly(
                        "failed-of-nulls",
                        "far-ahead",
                        "my accounts",
                        "running-with-end",
                        "running-without-start",
                        "success-without-time");
        assertThat(output)
                .contains("running-without-start: started_at was null and is \"2025-11-05T10:30:00+00:00\"")
                .contains("drop policy \"Service role has full access\"")
                .contains("drop policy \"Teams see their own\"")
                .contains("drop function start_vantage_sync(text)")
                .contains("drop index idx_vantage_sync_state_time");
    }

    @Test
    void completesASyncThatWasRunning() {
        OriginalTable.createInUse(database);

        try (ServiceInstance service = ServiceInstance.on(database)) {
            Response completed = service.api().post("/sync-states/trades/complete", "{\"records_synced\": 7}");

            assertThat(completed.text("last_sync_status")).isEqualTo("success");
            assertThat(completed.json().get("records_synced").asInt()).isEqualTo(7);
            assertThat(completed.text("started_at")).isEqualTo("2025-11-05T10:30:00.000000Z");
            assertThat(completed.text("watermark")).isEqualTo("2025-11-05T10:30:00.000000Z");
            assertThat(completed.json().get("duration_ms").asInt()).isPositive();
            assertThat(service.api()
                            .get("/sync-states/trades/runs/" + completed.text("run_id"))
                            .text("status"))
                    .isEqualTo("success");
        }
    }

    @Test
    void takesTheCallsOfTheOriginalFunctions() {
        OriginalTable.createInUse(database);

        try (ServiceInstance service = ServiceInstance.on(database)) {
            assertThat(rpc(service, "start_vantage_sync", "{\"p_resource\": \"positions\"}"))
                    .isEqualTo("running");
            assertThat(
                            rpc(
                                    service,
                                    "complete_vantage_sync",
                                    "{\"p_resource\": \"positions\", \"p_records_synced\": 3, \"p_records_created\": 2, \"p_records_updated\": 1}"))
                    .isEqualTo("success");
        }
        assertThat(database.query(CALLS + "start_vantage_sync('x')")).isEqualTo("running");
        assertThat(database.query(CALLS + "complete_vantage_sync('x', 100, 10, 90)"))
                .isEqualTo("success");
        assertThat(database.query(CALLS + "start_vantage_sync(p_resource => 'x')"))
                .isEqualTo("running");
        assertThat(
                        database.query(
                                CALLS
                                        + "fail_vantage_sync(p_resource => 'x', p_errors => '[{\"code\": \"A\", \"message\": \"B\"}]')"))
                .isEqualTo("failed");
    }

    @Test
    void namesTheStatementsThatMakeItsLoginTheOwner(CapturedOutput output) {
        OriginalTable.create(database, database.superuser());

        assertThatThrownBy(() -> ServiceInstance.on(database)).isInstanceOf(RuntimeException.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The login vantage_owner does not own what the migration");
        List<String> statements = Pattern.compile("alter (table|function) .* owner to vantage_owner;")
                .matcher(output.toString())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(statements).hasSize(4);
        statements.forEach(database.superuser()::execute);
        assertStartsTwice(database);
    }

    private static List<String> putRight(CapturedOutput output) {
        return Pattern.compile("Original table: put right ([^:]+): ")
                .matcher(output.toString())
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    /** As supabase-js calls it. */
    private static String rpc(ServiceInstance service, String function, String arguments) {
        ApiClient api = service.api();
        return api.post("/rest/v1/rpc/" + function, arguments).text("last_sync_status");
    }
}
