package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests are counted by address, method and status, under the names of the framework. */
class RequestTimerTest extends ApiTest {

    @ParameterizedTest
    @CsvSource({
        "GET, /sync-states/accounts, /sync-states/{resource}, 200, SUCCESS",
        "GET, /sync-states/nope, /sync-states/{resource}, 404, CLIENT_ERROR",
        "GET, /nothing-here, NOT_FOUND, 404, CLIENT_ERROR",
        "POST, /sync-states/nope/complete, /sync-states/{resource}/complete, 404, CLIENT_ERROR",
        "GET, /index.html, /index.html, 200, SUCCESS",
        "GET, /sync-states?limit=0, /sync-states, 400, CLIENT_ERROR",
        "PATCH, /nothing-here, UNKNOWN, 401, CLIENT_ERROR"
    })
    void countsARequest(String method, String address, String pattern, int status, String outcome) {
        boolean anonymously = status == 401;

        assertCounted(anonymously ? anonymous : service, method, address, pattern, status, outcome);
    }

    @Test
    void countsARequestThatIsAnsweredLater() {
        String address = "/fresh?resources=accounts&max_age=PT1S&wait=PT0.2S";

        assertCounted(reader, "GET", address, "/fresh", 412, "CLIENT_ERROR");
    }

    private void assertCounted(
            ApiClient caller, String method, String address, String pattern, int status, String outcome) {
        String name =
                ("http_server_requests_seconds_count{error=\"none\",exception=\"none\",method=\"%s\",outcome=\"%s\","
                                + "status=\"%d\",uri=\"%s\"}")
                        .formatted(method, outcome, status, pattern);
        Function<String, Double> count = metrics -> metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
        double before = count.apply(reader.get("/actuator/prometheus").body());

        assertThat(caller.call(method, address, BodyPublishers.noBody()).status())
                .isEqualTo(status);

        // Counted once the answer is out, so its receiver may ask for the count before.
        await().untilAsserted(() -> assertThat(
                        count.apply(reader.get("/actuator/prometheus").body()))
                .isEqualTo(before + 1));
    }
}
