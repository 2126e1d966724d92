package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.DrillConnections.Behaviour;
import com.vantage.syncstate.support.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Asks an instance to end that 1,000 clients follow: it ends soon, each stream in order, and all come back to the next. */
final class StreamsAtShutdown {

    private static final int STREAMS = 1_000;
    private static final int HEAP = 640;

    /** The delay before the port is closed, and what is allowed for all that comes after. */
    private static final Duration END = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FOLLOW = "GET /sync-states HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            + "apikey: " + DrillService.HOSTILE_KEY + "\r\n\r\n";

    private StreamsAtShutdown() {}

    static DrillRow run(Path directory) throws Exception {
        List<Integer> ports = Ports.free(2);
        var postgres = new DrillPostgres(directory, ports.get(0));
        var service = new DrillService(
                directory,
                ports.get(1),
                postgres.url(),
                HEAP,
                System.getProperty("java.class.path"),
                "--vantage.live.max-streams=" + STREAMS,
                "--vantage.live.max-streams-per-caller=" + STREAMS);
        try {
            service.awaitReady();
            return run(service);
        } finally {
            service.kill();
            postgres.end();
        }
    }

    private static DrillRow run(DrillService service) throws IOException, InterruptedException {
        int came;
        int ended;
        boolean inTime;
        long begun;
        Duration took;
        try (var streams = new DrillConnections(service.port(), STREAMS, FOLLOW, Behaviour.READ)) {
            await(streams::answered);
            came = streams.answered();
            begun = System.nanoTime();
            service.terminate();
            inTime = service.hasEnded(END);
            took = Duration.ofNanos(System.nanoTime() - begun);
            await(streams::ended);
            ended = streams.ended();
        }
        service.kill();
        service.start();
        service.awaitReady();
        int back;
        try (var streams = new DrillConnections(service.port(), STREAMS, FOLLOW, Behaviour.READ)) {
            await(streams::answered);
            back = streams.answered();
        }
        return new DrillRow(
                        "SIGTERM with 1,000 streams",
                        2 * STREAMS,
                        0,
                        2 * STREAMS - came - back,
                        STREAMS - ended,
                        Duration.ZERO,
                        null,
                        "ended after %.1f s".formatted(took.toMillis() / 1000.0),
                        List.of())
                .require(inTime, "it did not end within " + END.toSeconds() + " s")
                .require(came == STREAMS && back == STREAMS, came + " streams opened, and then " + back)
                .require(ended == STREAMS, ended + " streams were ended in order");
    }

    private static void await(IntSupplier count) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (count.getAsInt() < STREAMS && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
