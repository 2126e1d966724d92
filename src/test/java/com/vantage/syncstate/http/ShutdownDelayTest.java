package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.vantage.syncstate.support.ApiClient;
import com.vantage.syncstate.support.ApiClient.Response;
import com.vantage.syncstate.support.ServiceInstance;
import com.vantage.syncstate.support.TestDatabase;
import org.junit.jupiter.api.Test;

/** A balancer learns that an instance ends before a request that it sends there fails. */
class ShutdownDelayTest {

    @Test
    void answersForAWhileWithReadinessDown() throws Exception {
        ServiceInstance service = ServiceInstance.on(TestDatabase.create(), "--vantage.http.shutdown-delay=3s");
        ApiClient anyone = ApiClient.at(service.api().base());
        assertThat(anyone.get("/actuator/health/readiness").status()).isEqualTo(200);

        var shutdown = new Thread(service::close);
        shutdown.start();
        await().until(() -> anyone.get("/actuator/health/readiness").status() == 503);
        Response answer = service.api().get("/sync-states");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Connection")).hasValue("close");
        assertThat(anyone.get("/actuator/health/liveness").status()).isEqualTo(200);
        shutdown.join();
    }
}
