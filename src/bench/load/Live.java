import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints what open streams cost the writers and the service, and how it ends with them.
 *
 * <p>Arguments: seconds of a measurement, rounds, the service's port and its process id; it ends that process.
 */
final class Live {

    private static final int WRITERS = 32;
    private static final int MANY = 1_000;

    private Live() {}

    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        int port = Integer.parseInt(arguments[2]);
        long pid = Long.parseLong(arguments[3]);

        writers(port, seconds, rounds);
        many(port, pid);
    }

    /** Each measurement with streams stands between two without, and is compared with their mean. */
    private static void writers(int port, double seconds, int rounds) throws Exception {
        Work pair = Work.pair();
        pair.rate(port, WRITERS, seconds);
        Map<Integer, List<Double>> ratios = new LinkedHashMap<>();
        double before = pair.rate(port, WRITERS, seconds);
        for (int round = 0; round < rounds; round++) {
            for (int number : List.of(1, 10, 100, MANY)) {
                double with;
                try (var streams = Streams.open(port, number)) {
                    with = pair.rate(port, WRITERS, seconds);
                }
                double after = pair.rate(port, WRITERS, seconds);
                ratios.computeIfAbsent(number, key -> new ArrayList<>()).add(2 * with / (before + after));
                before = after;
            }
        }
        System.out.println("| streams | rate of " + WRITERS + " writers, to that without | each round |");
        System.out.println("| --- | --- | --- |");
        ratios.forEach((number, each) -> System.out.printf(
                "| %,d | %.2f | %s |%n",
                number,
                Load.median(each),
                String.join(" ", each.stream().map("%.2f"::formatted).toList())));
    }

    private static void many(int port, long pid) throws Exception {
        System.out.printf("%nresident before %,d streams: %s%n", MANY, resident(pid));
        var streams = Streams.open(port, MANY);
        System.out.printf("with them: %s%n", resident(pid));
        List<Double> latest = new ArrayList<>();
        try (var connection = new Connection(port)) {
            for (int i = 0; i < 20; i++) {
                streams.want("\"resource\":\"transition-" + i + "\"");
                long start = System.nanoTime();
                connection.status(Connection.request(
                        "POST", "/sync-states/transition-" + i + "/start", "apikey: service\r\n", ""));
                streams.awaitWanted();
                latest.add((System.nanoTime() - start) / 1e6);
                Thread.sleep(300);
            }
        }
        System.out.printf(
                "from a call to the last of %,d streams: median %.0f ms, most %.0f ms, of %d calls%n",
                MANY,
                Load.median(latest),
                latest.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                latest.size());
        System.out.printf("after them: %s%n", resident(pid));

        ProcessHandle service = ProcessHandle.of(pid).orElseThrow();
        long start = System.nanoTime();
        service.destroy();
        service.onExit().get();
        double exit = (System.nanoTime() - start) / 1e9;
        streams.awaitEnd();
        System.out.printf("shutdown with %,d streams open: %.1f s%n", MANY, exit);
        streams.close();
    }

    private static String resident(long pid) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow()
                .replaceFirst("VmRSS:\\s*", "");
    }
}
