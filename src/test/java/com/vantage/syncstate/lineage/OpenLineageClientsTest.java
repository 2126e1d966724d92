package com.vantage.syncstate.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.RawHttp;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineageClient;
import io.openlineage.client.transports.ApiKeyTokenProvider;
import io.openlineage.client.transports.HttpConfig;
import io.openlineage.client.transports.HttpTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The Java client of OpenLineage, by which Spark emits, and what the Python client sends for Airflow and dbt. */
class OpenLineageClientsTest extends ApiTest {

    private static final OpenLineage EVENTS = new OpenLineage(URI.create("https://example.com/etl"));
    private static final ZonedDateTime TEN = ZonedDateTime.parse("2026-01-02T10:00:00Z");

    private final List<OpenLineageClient> clients = new ArrayList<>();
    private UUID run = UUID.randomUUID();

    @AfterEach
    void close() throws Exception {
        for (OpenLineageClient client : clients) {
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void javaReportsARun(boolean compresses) {
        OpenLineageClient client = client(compresses, Map.of());
        client.emit(event(EventType.START, 0, null));
        client.emit(event(EventType.RUNNING, 1, null));
        client.emit(event(EventType.OTHER, 2, null));
        client.emit(event(EventType.COMPLETE, 5, null, 70, 7));

        JsonNode state = service.get("/sync-states/accounts").json();
        assertThat(state.get("last_sync_status").asString()).isEqualTo("success");
        assertThat(state.get("records_synced").asInt()).isEqualTo(77);
        assertThat(state.get("duration_ms").asInt()).isEqualTo(300_000);
        assertThat(state.get("watermark").asString()).isEqualTo("2026-01-02T10:00:00.000000Z");
    }

    @Test
    void javaReportsFailuresAndAbortions() {
        client(false, Map.of("resource", "funds"))
                .emit(event(EventType.FAIL, 0, EVENTS.newErrorMessageRunFacet("No answer", "JAVA", "at line 7")));
        run = UUID.randomUUID();
        client(false, Map.of()).emit(event(EventType.ABORT, 0, null));

        assertThat(service.get("/sync-states/funds")
                        .json()
                        .get("errors")
                        .get(0)
                        .get("message")
                        .asString())
                .isEqualTo("No answer");
        assertThat(service.get("/sync-states/accounts")
                        .json()
                        .get("errors")
                        .get(0)
                        .get("code")
                        .asString())
                .isEqualTo("ABORTED");
    }

    /** Whatever the order, and each twice: one run, which ended well, and no watermark that is later than its start. */
    @Test
    void javaComesToOneRunInAnyOrder() throws Exception {
        long seed = Long.getLong("vantage.test.seed", System.nanoTime());
        var random = new Random(seed);
        OpenLineageClient client = client(true, Map.of());
        for (int round = 0; round < 25; round++) {
            freshStates();
            List<RunEvent> events = new ArrayList<>();
            UUID id = UUID.randomUUID();
            for (EventType type : List.of(EventType.START, EventType.RUNNING, EventType.OTHER)) {
                events.addAll(Collections.nCopies(2, event(id, type, type == EventType.START ? 0 : 1, null)));
            }
            events.addAll(Collections.nCopies(2, event(id, EventType.COMPLETE, 5, null, 9)));
            Collections.shuffle(events, random);

            events.forEach(client::emit);

            JsonNode state = service.get("/sync-states/accounts").json();
            String what = "Seed " + seed + ", round " + round + ": " + state;
            assertThat(state.get("last_sync_status").asString()).as(what).isEqualTo("success");
            assertThat(state.get("records_synced").asInt()).as(what).isEqualTo(9);
            assertThat(state.get("completed_at").asString()).as(what).isEqualTo("2026-01-02T10:05:00.000000Z");
            assertThat(state.get("watermark").isNull()
                            || state.get("watermark").asString().compareTo("2026-01-02T10:01:00.000000Z") <= 0)
                    .as(what)
                    .isTrue();
            assertThat(service.get("/sync-states/accounts/runs").json().get("runs"))
                    .as(what)
                    .hasSize(1);
        }
    }

    /**
     * A run of the application, and one of each of its queries: that one is the resource, whose name has the command and
     * the table in it. What it wrote comes with its last event alone.
     */
    @Test
    void sparkReportsAnApplicationAndItsQueries() {
        String query = "nightly_load.execute_insert_into_hadoop_fs_relation_command.accounts";
        service.put("/sync-states/" + query);
        UUID application = UUID.randomUUID();

        assertThat(spark("START", "10:00:00.001", application, "nightly_load", "", "", ""))
                .isEqualTo("ignored");
        assertThat(spark("START", "10:00:02.5", run, query, parent("nightly_load", application), "\"inputs\"", ""))
                .isEqualTo("applied");
        for (int second = 3; second < 9; second++) {
            assertThat(spark(
                            "RUNNING",
                            "10:00:0" + second,
                            run,
                            query,
                            parent("nightly_load", application),
                            "\"inputs\"",
                            ""))
                    .isEqualTo("applied");
        }
        assertThat(
                        spark(
                                "COMPLETE",
                                "10:00:09.75",
                                run,
                                query,
                                parent("nightly_load", application),
                                "\"outputs\"",
                                ", \"outputFacets\": {\"outputStatistics\": {\"rowCount\": 1200, \"size\": 48211, \"fileCount\": 2}}"))
                .isEqualTo("applied");
        spark("COMPLETE", "10:00:10", application, "nightly_load", "", "", "");

        JsonNode state = service.get("/sync-states/" + query).json();
        assertThat(state.get("last_sync_status").asString()).isEqualTo("success");
        assertThat(state.get("run_id").asString()).isEqualTo(run.toString());
        assertThat(state.get("duration_ms").asInt()).isEqualTo(7_250);
        assertThat(state.get("records_synced").asInt()).isEqualTo(1_200);
        assertThat(state.get("watermark").asString()).isEqualTo("2026-01-02T10:00:02.500000Z");
    }

    /** A run of the DAG around that of its task, each with an id of its own; the resource is the task. */
    @Test
    void airflowReportsDagsAndTasks() {
        UUID dag = UUID.randomUUID();

        python("START", "10:00:00.123456+00:00", dag, "nightly", "{}");
        python("START", "10:00:05+00:00", run, "accounts", parent(dag));
        python("COMPLETE", "10:04:00+00:00", run, "accounts", parent(dag));
        python("COMPLETE", "10:04:01+00:00", dag, "nightly", "{}");

        JsonNode state = service.get("/sync-states/accounts").json();
        assertThat(state.get("run_id").asString()).isEqualTo(run.toString());
        assertThat(state.get("duration_ms").asInt()).isEqualTo(235_000);
        assertThat(service.get("/sync-states/nightly").status()).isEqualTo(404);
    }

    /** All of it after the end: the times are in the events alone. */
    @Test
    void dbtReportsWhenAllIsOver() {
        for (String[] event : new String[][] {{"START", "10:00:00.000001Z"}, {"COMPLETE", "10:01:30Z"}}) {
            assertThat(python(event[0], event[1], run, "accounts", "{\"dbt_version\": {\"version\": \"1.9.0\"}}"))
                    .isEqualTo("applied");
        }

        JsonNode state = service.get("/sync-states/accounts").json();
        assertThat(state.get("duration_ms").asInt()).isEqualTo(89_999);
        assertThat(state.get("watermark").asString()).isEqualTo("2026-01-02T10:00:00.000001Z");
    }

    private static String parent(UUID dag) {
        return "{" + parent("nightly", dag) + "}";
    }

    private static String parent(String job, UUID id) {
        return "\"parent\": {\"job\": {\"namespace\": \"n\", \"name\": \"" + job + "\"}, \"run\": {\"runId\": \"" + id
                + "\"}, \"_producer\": \"https://example.com\", \"_schemaURL\": \"https://example.com\"}";
    }

    /** With the facets that Spark adds to each event, of which none says anything of the state. */
    private String spark(
            String type, String time, UUID id, String job, String parent, String datasets, String outputFacets) {
        String table = """
                {"namespace": "file", "name": "/warehouse/accounts", "facets": {"dataSource": {"name": "file", "uri": "file"}, \
                "schema": {"fields": [{"name": "id", "type": "long"}]}, "symlinks": {"identifiers": [{"namespace": "file:/w", \
                "name": "default.accounts", "type": "TABLE"}]}, "lifecycleStateChange": {"lifecycleStateChange": \
                "OVERWRITE"}}%s}""".formatted(outputFacets);
        String event = """
                {"eventTime": "2026-01-02T%sZ", "producer": "https://example.com/spark", "schemaURL": \
                "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent", "eventType": "%s", "run": {"runId": \
                "%s", "facets": {%s"processing_engine": {"version": "3.5.6", "name": "spark"}, "spark_properties": \
                {"properties": {"spark.master": "local[*]"}}, "spark.logicalPlan": {"plan": [{"class": \
                "org.apache.spark.sql.execution.datasources.InsertIntoHadoopFsRelationCommand", "num-children": 1, "query": 0}]}, \
                "debug": {"logs": ["one"]}}}, "job": {"namespace": "spark", "name": "%s", "facets": {"jobType": \
                {"processingType": "BATCH", "integration": "SPARK", "jobType": "%s"}}}%s}""".formatted(
                        time,
                        type,
                        id,
                        parent.isEmpty() ? "" : parent + ", ",
                        job,
                        parent.isEmpty() ? "APPLICATION" : "SQL_JOB",
                        datasets.isEmpty() ? "" : ", " + datasets + ": [" + table + "]");
        return service.post("/api/v1/lineage", event).text("outcome");
    }

    /** As requests sends it: chunked where it is compressed, with the key as a bearer token. */
    private String python(String type, String time, UUID id, String job, String facets) {
        String event = """
                {"eventTime": "2026-01-02T%s", "eventType": "%s", "inputs": [], "outputs": [], "job": {"facets": {}, \
                "name": "%s", "namespace": "airflow"}, "producer": "https://example.com/airflow", "run": {"facets": %s, \
                "runId": "%s"}, "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"}""".formatted(time, type, job, facets, id);
        RawHttp.Answer answer = RawHttp.send(
                service.base(),
                "POST /api/v1/lineage",
                List.of(
                        "User-Agent: python-requests/2.32.3",
                        "Accept-Encoding: gzip, deflate",
                        "Accept: */*",
                        "Connection: keep-alive",
                        "Authorization: Bearer " + SERVICE_KEY,
                        "Content-Type: application/json"),
                event.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().get("outcome").asString();
    }

    private OpenLineageClient client(boolean compresses, Map<String, String> parameters) {
        var key = new ApiKeyTokenProvider();
        key.setApiKey(SERVICE_KEY);
        var http = new HttpConfig();
        http.setUrl(URI.create(service.base()));
        http.setAuth(key);
        http.setUrlParams(parameters);
        http.setCompression(compresses ? HttpConfig.Compression.GZIP : null);
        OpenLineageClient client =
                OpenLineageClient.builder().transport(new HttpTransport(http)).build();
        clients.add(client);
        return client;
    }

    private RunEvent event(EventType type, int minute, OpenLineage.@Nullable ErrorMessageRunFacet error, long... rows) {
        return event(run, type, minute, error, rows);
    }

    private static RunEvent event(
            UUID id, EventType type, int minute, OpenLineage.@Nullable ErrorMessageRunFacet error, long... rows) {
        List<OpenLineage.OutputDataset> outputs = new ArrayList<>();
        for (long count : rows) {
            outputs.add(EVENTS.newOutputDatasetBuilder()
                    .namespace("postgres://db")
                    .name("public.out" + outputs.size())
                    .outputFacets(EVENTS.newOutputDatasetOutputFacetsBuilder()
                            .outputStatistics(EVENTS.newOutputStatisticsOutputDatasetFacetBuilder()
                                    .rowCount(count)
                                    .build())
                            .build())
                    .build());
        }
        var facets = EVENTS.newRunFacetsBuilder();
        if (error != null) {
            facets.errorMessage(error);
        }
        return EVENTS.newRunEventBuilder()
                .eventType(type)
                .eventTime(TEN.plusMinutes(minute))
                .run(EVENTS.newRun(id, facets.build()))
                .job(EVENTS.newJobBuilder().namespace("spark").name("accounts").build())
                .inputs(List.of())
                .outputs(outputs)
                .build();
    }
}
