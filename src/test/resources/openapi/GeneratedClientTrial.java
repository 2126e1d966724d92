import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.AlertsApi;
import org.openapitools.client.api.JobsApi;
import org.openapitools.client.api.MonitoringApi;
import org.openapitools.client.api.RunsApi;
import org.openapitools.client.api.StatesApi;
import org.openapitools.client.model.CompleteRequest;
import org.openapitools.client.model.ErrorReport;
import org.openapitools.client.model.FailRequest;
import org.openapitools.client.model.ProgressRequest;
import org.openapitools.client.model.Run;
import org.openapitools.client.model.StartRequest;
import org.openapitools.client.model.SyncState;
import org.openapitools.client.model.SyncStateDetails;
import org.openapitools.client.model.ThresholdsRequest;

/** What a job and a dashboard do, with the client that was generated from the OpenAPI document. */
public final class GeneratedClientTrial {

    private GeneratedClientTrial() {}

    /** @param arguments the address of the service, and a service key */
    public static void main(String[] arguments) throws ApiException {
        var client = new ApiClient();
        client.updateBaseUri(arguments[0]);
        client.setRequestInterceptor(request -> request.header("apikey", arguments[1]));
        var jobs = new JobsApi(client);
        var states = new StatesApi(client);

        SyncStateDetails registered = states.registerSyncState("generated", new ThresholdsRequest().stuckAfter("30m"));
        expect("PT30M", registered.getThresholds().getStuckAfter().getValue());

        UUID run = UUID.randomUUID();
        jobs.startSync("generated", new StartRequest().runId(run));
        SyncStateDetails running = jobs.reportProgress(
                "generated", new ProgressRequest().records(7).total(10));
        expect(7, running.getProgress().getRecords());
        jobs.completeSync("generated", new CompleteRequest().runId(run).recordsSynced(10));

        jobs.startSync("generated", null);
        jobs.failSync(
                "generated",
                new FailRequest()
                        .addErrorsItem(new ErrorReport()
                                .code("API_TIMEOUT")
                                .message("No answer")
                                .recordId(42)
                                .context(Map.of("url", "https://example.com"))));

        SyncState failed = states.listSyncStates("failed", null, null, null).get(0);
        expect("generated", failed.getResource());
        expect(10, failed.getRecordsSynced());
        expect(42, failed.getErrors().get(0).getRecordId());
        expect(
                List.of("success", "failed"),
                new RunsApi(client)
                        .listRecentRuns("generated").get(0).getStatuses().stream()
                                .map(Object::toString)
                                .toList());
        expect(run, latestSuccess(new RunsApi(client)).getRunId());
        expect(
                true,
                new AlertsApi(client)
                        .listAlerts().stream()
                                .anyMatch(alert -> alert.getResource().equals("generated")));
        expect("UP", new MonitoringApi(client).getLiveness().getStatus().getValue());
        states.deleteSyncState("generated");
    }

    private static Run latestSuccess(RunsApi runs) throws ApiException {
        List<Run> page = runs.listRuns("generated", 1, null, "success").getRuns();
        return runs.getRun("generated", page.get(0).getRunId());
    }

    private static void expect(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new IllegalStateException("Expected " + expected + " but got " + actual);
        }
    }
}
