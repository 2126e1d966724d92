package com.vantage.syncstate.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Each kind of alert a microsecond below, exactly at and a microsecond past its threshold, wherever HTTP and the metrics
 * report it.
 *
 * <p>No call from outside hits a moment exactly. So the clock that the view reads stands still here; the rest of the
 * view is as it was migrated. {@code db/test/alerts.sql} does the same over SQL with the clock going, in one statement.
 */
class AlertThresholdsTest {

    private static final Instant NOW = Instant.parse("2024-06-01T12:00:00Z");
    private static final Duration MICROSECOND = Duration.ofNanos(1_000);
    private static final Pattern RAISED =
            Pattern.compile("vantage_sync_alert\\{kind=\"(\\w+)\",resource=\"accounts\"} 1\\.0");

    private static final Map<String, String> DEFAULT = Map.of("stuck", "PT30M", "stale", "PT24H", "slow", "PT5M");
    private static final Map<String, String> OWN = Map.of("stuck", "PT1H30M", "stale", "P2D", "slow", "PT10M");
    private static final Map<String, String> SETTING = Map.of("stuck", "PT45M", "stale", "PT12H", "slow", "PT1M");

    private static final Address DATABASE = TestDatabase.create();
    private static final Address CONFIGURED_DATABASE = TestDatabase.create();
    private static ServiceInstance byDefault;
    private static ServiceInstance bySetting;

    @BeforeAll
    static void start() {
        byDefault = ServiceInstance.on(DATABASE);
        bySetting = ServiceInstance.on(
                CONFIGURED_DATABASE,
                SETTING.entrySet().stream()
                        .map(each -> "--vantage.alerts.%s-after=%s".formatted(each.getKey(), each.getValue()))
                        .toArray(String[]::new));
        stopTheClock(DATABASE);
        stopTheClock(CONFIGURED_DATABASE);
    }

    private static void stopTheClock(Address database) {
        String view = database.query("select pg_get_viewdef('public.vantage_sync_alert')");
        database.execute("create or replace view public.vantage_sync_alert with (security_invoker = true) as "
                + view.replace("statement_timestamp()", "'" + NOW + "'::timestamptz"));
    }

    @AfterAll
    static void close() {
        bySetting.close();
        byDefault.close();
    }

    /** A kind of alert, and a state that has it, with the moment that its threshold is counted from. */
    private enum Situation {
        STUCK("stuck", "'running', :then, null, :now, :now, null"),
        STUCK_SINCE_A_SIGN_OF_LIFE("stuck", """
                'running', '2024-05-01T00:00:00Z', null, :now, :now,
                jsonb_build_object('records', 1, 'total', null, 'at', public.vantage_sync_time_text(:then))"""),
        STALE("stale", "'success', :then, :then, :then, :then, null"),
        STALE_WITHOUT_A_SUCCESS("stale", "'running', :now, null, null, :then, null"),
        SLOW("slow", "'success', :then, :now, :now, :now, null");

        private final String kind;
        private final String state;

        Situation(String kind, String state) {
            this.kind = kind;
            this.state = state;
        }
    }

    static Stream<Arguments> table() {
        return Stream.of(Situation.values())
                .flatMap(situation -> Stream.of("default", "own", "setting")
                        .flatMap(source -> Stream.of("below", "at", "past")
                                .map(position -> Arguments.of(situation, position, source))));
    }

    @ParameterizedTest(name = "{0}: {1} the threshold by {2}")
    @MethodSource("table")
    void beginsPastTheThreshold(Situation situation, String position, String source) {
        Map<String, String> thresholds = switch (source) {
            case "own" -> OWN;
            case "setting" -> SETTING;
            default -> DEFAULT;
        };
        String threshold = thresholds.get(situation.kind);
        Duration length = Duration.parse(threshold)
                .plus(MICROSECOND.multipliedBy(List.of("below", "at", "past").indexOf(position) - 1L));
        boolean configured = source.equals("setting");
        ApiClient api = (configured ? bySetting : byDefault).api();
        lay(configured ? CONFIGURED_DATABASE : DATABASE, situation.state, NOW.minus(length));
        if (source.equals("own")) {
            api.put("/sync-states/accounts", "{\"%s_after\": \"%s\"}".formatted(situation.kind, threshold));
        }

        Map<String, List<String>> reported = reported(api, situation.kind);
        JsonNode alerts = api.get("/alerts").json();

        boolean past = position.equals("past");
        assertThat(reported)
                .allSatisfy((where, kinds) ->
                        assertThat(kinds).as(where).isEqualTo(past ? List.of(situation.kind) : List.of()));
        assertThat(alerts)
                .allSatisfy(
                        alert -> assertThat(alert.get("threshold").asString()).isEqualTo(threshold));
    }

    /** It has no threshold: the latest run has failed, or it has not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "never_run | null, null, null | false",
                "running   | :now, null, null | false",
                "success   | :now, :now, :now | false",
                "failed    | :now, :now, null | true"
            })
    void saysWhetherTheLatestRunFailed(String status, String times, boolean failed) {
        lay(DATABASE, "'%s', %s, :now, null".formatted(status, times), NOW);

        assertThat(reported(byDefault.api(), "failed"))
                .allSatisfy((where, kinds) ->
                        assertThat(kinds.contains("failed")).as(where).isEqualTo(failed));
    }

    /** Makes accounts the only resource, in a state of which something began at that moment. */
    private static void lay(Address database, String state, Instant then) {
        database.execute("""
                delete from public.vantage_sync_state;
                insert into public.vantage_sync_state (
                  resource, last_sync_status, started_at, completed_at, last_sync_time, created_at, progress)
                values ('accounts', %s)
                """.formatted(state.replace(":now", "'" + NOW + "'").replace(":then", "'" + then + "'")));
    }

    /** The kinds of alert that accounts has, by where it says so. */
    private static Map<String, List<String>> reported(ApiClient api, String kind) {
        var reported = new LinkedHashMap<String, List<String>>();
        reported.put("the alerts", kinds(api.get("/alerts").json()));
        reported.put("its state", kinds(api.get("/sync-states/accounts").json().get("alerts")));
        reported.put(
                "the answer of a call",
                kinds(api.put("/sync-states/accounts", "{}").json().get("alerts")));
        reported.put("the list", kinds(api.get("/sync-states").json().get(0).get("alerts")));
        JsonNode listed = api.get("/sync-states?alert=" + kind).json();
        reported.put(
                "the list by kind",
                listed.isEmpty() ? List.of() : kinds(listed.get(0).get("alerts")));
        reported.put(
                "the metrics",
                RAISED.matcher(api.get("/actuator/prometheus").body())
                        .results()
                        .map(raised -> raised.group(1))
                        .toList());
        return reported;
    }

    private static List<String> kinds(JsonNode alerts) {
        return StreamSupport.stream(alerts.spliterator(), false)
                .map(alert -> alert.get("kind").asString())
                .toList();
    }
}
