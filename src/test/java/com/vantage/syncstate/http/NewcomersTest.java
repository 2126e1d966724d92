package com.vantage.syncstate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** New connections are taken as those before them are served. */
@Timeout(60)
class NewcomersTest {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    @Test
    void waitUntilOneIsServed() throws Exception {
        var newcomers = new Newcomers<String>(2, FOR_EVER);
        add(newcomers, "first");
        add(newcomers, "second");
        var third = new FutureTask<String>(() -> add(newcomers, "third"));
        var waits = new Thread(third);
        waits.start();
        awaitWaiting(waits);

        newcomers.remove("first");

        third.get();
    }

    @Test
    void makeRoomOnceHoweverOftenOneIsServed() throws Exception {
        var newcomers = new Newcomers<String>(1, FOR_EVER);
        add(newcomers, "first");
        newcomers.remove("first");
        newcomers.remove("first");
        newcomers.remove("one of long ago");
        add(newcomers, "second");
        var third = new FutureTask<String>(() -> add(newcomers, "third"));
        var waits = new Thread(third);
        waits.start();

        awaitWaiting(waits);

        newcomers.remove("second");
        third.get();
    }

    @Test
    void countForAMomentWhereTheyAreNotServed() throws Exception {
        var newcomers = new Newcomers<String>(2, Duration.ofMillis(1));

        for (String connection : List.of("one", "after", "another")) {
            assertThat(add(newcomers, connection)).isEqualTo(connection);
        }
    }

    private static String add(Newcomers<String> newcomers, String connection) throws InterruptedException {
        newcomers.awaitRoom();
        newcomers.add(connection);
        return connection;
    }

    /** Fails by the time of the test where the thread never waits. */
    private static void awaitWaiting(Thread thread) throws InterruptedException {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
