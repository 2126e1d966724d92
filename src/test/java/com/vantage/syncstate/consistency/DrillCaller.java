package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.History.Call;
import com.vantage.syncstate.consistency.History.CallResult;
import com.vantage.syncstate.support.ApiClient;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Sends calls until they are answered, by whichever service does. */
final class DrillCaller {

    private final HistoryRecorder recorder;
    private final List<ApiClient> services;
    private final Random random;
    private int service;

    DrillCaller(HistoryRecorder recorder, List<ApiClient> services, Random random) {
        this.recorder = recorder;
        this.services = services;
        this.random = random;
    }

    boolean isAccepted(Call call) throws InterruptedException {
        while (true) {
            CallResult answer = recorder.send(api(), call, false);
            if (answer != null) {
                return answer.status() == 200;
            }
            another();
        }
    }

    /** What an address answers with 200. */
    ApiClient.Response get(String path) throws InterruptedException {
        while (true) {
            try {
                ApiClient.Response answer = api().get(path);
                if (answer.status() == 200) {
                    return answer;
                }
            } catch (IllegalStateException e) {
                // Not answered.
            }
            another();
        }
    }

    private ApiClient api() {
        return services.get(service);
    }

    private void another() throws InterruptedException {
        service = (service + 1) % services.size();
        TimeUnit.MILLISECONDS.sleep(20 + random.nextInt(200));
    }
}
