package com.vantage.syncstate.fresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import com.vantage.syncstate.support.TestDatabase.Address;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Waiting at one instance for what happens at another, and at one that ends. */
class FreshnessInstancesTest {

    private static final String WAIT = "/fresh?resources=accounts&max_age=1h&wait=PT55S";

    private final Address database = TestDatabase.create();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void wakesAThousandByOneCompletionAndRefusesOneMore() {
        try (var one = ServiceInstance.on(database);
                var other = ServiceInstance.on(database, "--vantage.keys.reader=second,third")) {
            FreshnessWaiters waiters = other.context().getBean(FreshnessWaiters.class);
            var answers = new ArrayList<>(wait(other, ServiceInstance.KEY, FreshnessWaiters.MAX_PER_CALLER));
            awaitWaiting(waiters, FreshnessWaiters.MAX_PER_CALLER);
            ApiClient.Response refusedOne = other.api().get(WAIT);
            answers.addAll(wait(other, "second", FreshnessWaiters.MAX_PER_CALLER));
            awaitWaiting(waiters, FreshnessWaiters.MAX);
            assertThat(other.api().get("/actuator/prometheus").body()).contains("\nvantage_fresh_waiting 1000.0");
            ApiClient.Response refusedAll =
                    ApiClient.at(other.api().base()).key("third").get(WAIT);

            one.api().post("/sync-states/accounts/start");
            long before = statements(other);
            one.api().post("/sync-states/accounts/complete");

            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
            assertThat(statements(other) - before).isLessThan(FreshnessWaiters.MAX / 2);
            assertThat(List.of(refusedOne, refusedAll)).allSatisfy(refused -> {
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.problem()).isEqualTo("overloaded");
                assertThat(refused.header("Retry-After")).isPresent();
            });
            assertThat(refusedOne.text("detail")).startsWith("This key or subject");
            assertThat(refusedAll.text("detail")).startsWith("As many callers");
            await().until(() -> waiters.waiting() == 0);
        }
    }

    @Test
    void answersThoseWhoWaitAtAnInstanceThatEnds() {
        List<CompletableFuture<HttpResponse<String>>> answers;
        try (var instance = ServiceInstance.on(database, "--spring.lifecycle.timeout-per-shutdown-phase=1h")) {
            FreshnessWaiters waiters = instance.context().getBean(FreshnessWaiters.class);
            answers = wait(instance, ServiceInstance.KEY, 5);
            await().until(() -> waiters.waiting() == 5);
        }

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(412));
    }

    /** How often a connection for reading was borrowed, once for each statement. */
    private static long statements(ServiceInstance instance) {
        return instance.context()
                .getBean(MeterRegistry.class)
                .get("hikaricp.connections.usage")
                .tag("pool", "reader")
                .timer()
                .count();
    }

    private static void awaitWaiting(FreshnessWaiters waiters, int number) {
        await().atMost(Duration.ofSeconds(30)).until(() -> waiters.waiting() == number);
    }

    private List<CompletableFuture<HttpResponse<String>>> wait(ServiceInstance instance, String key, int number) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(instance.api().base() + WAIT))
                .header("apikey", key)
                .build();
        return IntStream.range(0, number)
                .mapToObj(each -> client.sendAsync(request, BodyHandlers.ofString()))
                .toList();
    }
}
