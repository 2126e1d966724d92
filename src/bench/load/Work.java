import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What a client does again and again. */
@FunctionalInterface
interface Work {

    /** @param client from 0 */
    void once(Connection connection, int client) throws IOException;

    /** Reads one address; anything but this status is an error. */
    static Work reading(String path, String headers, int expected) {
        byte[] request = Connection.request("GET", path, headers, "");
        return (connection, client) -> expect(expected, connection.status(request), path);
    }

    /** Starts and completes a resource, each client its own. */
    static Work pair() {
        String key = "apikey: service\r\n";
        return (connection, client) -> {
            String path = "/sync-states/w" + client;
            expect(200, connection.status(Connection.request("POST", path + "/start", key, "")), path);
            expect(
                    200,
                    connection.status(
                            Connection.request("POST", path + "/complete", key, "{\"records_synced\": 1000}")),
                    path);
        };
    }

    /** How often a second so many clients do it, measured after some time to warm up. */
    default double rate(int port, int clients, double seconds) throws Exception {
        var done = new AtomicLong();
        var failed = new AtomicLong();
        var end = new CountDownLatch(clients);
        long start = System.nanoTime();
        long measureFrom = start + (long) (seconds * 0.3e9);
        long measureTo = start + (long) (seconds * 1.3e9);
        for (int i = 0; i < clients; i++) {
            int client = i;
            var thread = new Thread(() -> {
                long count = 0;
                try (var connection = new Connection(port)) {
                    for (long now = System.nanoTime(); now < measureTo; now = System.nanoTime()) {
                        once(connection, client);
                        count += now >= measureFrom ? 1 : 0;
                    }
                } catch (IOException | RuntimeException e) {
                    failed.incrementAndGet();
                    System.err.println(e);
                } finally {
                    done.addAndGet(count);
                    end.countDown();
                }
            });
            thread.start();
        }
        if (!end.await((long) seconds + 60, TimeUnit.SECONDS) || failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " of " + clients + " clients failed");
        }
        return done.get() / seconds;
    }

    private static void expect(int expected, int status, String path) {
        if (status != expected) {
            throw new IllegalStateException(path + " was answered with " + status + ", not " + expected);
        }
    }
}
