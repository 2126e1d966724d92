package com.vantage.syncstate.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.vantage.syncstate.support.ApiTest;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The one thread that all streams are sent by. */
class StatePollerTest extends ApiTest {

    @Autowired
    private StatePoller poller;

    @Test
    void goesOnWhateverIsThrown() throws Exception {
        var failing = new FailsOnce();
        poller.add(failing);
        try (EventStreamReader stream = EventStreamReader.of(reader)) {
            stream.next("snapshot");

            for (int i = 0; i < 3; i++) {
                service.post("/sync-states/accounts/start", "{\"force\": true}");
                stream.state("accounts", "running");
            }
        }

        assertThat(failing.polls).hasPositiveValue();
    }

    /** As a thread would that has no stack or memory left. */
    private static final class FailsOnce implements StateListener {

        private final AtomicInteger polls = new AtomicInteger();

        @Override
        public boolean isWaiting() {
            return polls.get() == 0;
        }

        @Override
        public void polled(Set<String> changed) {
            polls.incrementAndGet();
            throw new StackOverflowError();
        }

        @Override
        public void stopped() {
            // Nothing waits for it.
        }
    }
}
