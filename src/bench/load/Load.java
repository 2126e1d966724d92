import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Prints requests a second by kind of work: for each service the median of some rounds, in which the services take turns.
 *
 * <p>Arguments: seconds of a measurement, rounds, the secret of the tokens, and services as {@code name=port}.
 */
final class Load {

    private static final List<String> WORK =
            List.of("one state", "one state, token", "list of 20", "list of 100", "unchanged list", "pair");

    private Load() {}

    public static void main(String[] arguments) throws Exception {
        double seconds = Double.parseDouble(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Map<String, Integer> services = new LinkedHashMap<>();
        for (int i = 3; i < arguments.length; i++) {
            String[] service = arguments[i].split("=");
            services.put(service[0], Integer.valueOf(service[1]));
        }

        System.out.println("| work | connections | " + String.join(" | ", services.keySet()) + " | last to first |");
        System.out.println("| --- | --- |" + " --- |".repeat(services.size() + 1));
        // Whoever begins would be measured cold.
        for (int port : services.values()) {
            for (String name : WORK) {
                work(name, port, arguments[2]).rate(port, 16, 4 * seconds);
            }
        }
        for (String name : WORK) {
            for (int connections : List.of(1, 16, 64)) {
                Map<String, List<Double>> rates = new LinkedHashMap<>();
                for (int round = 0; round < rounds; round++) {
                    for (var service : services.entrySet()) {
                        int port = service.getValue();
                        rates.computeIfAbsent(service.getKey(), key -> new ArrayList<>())
                                .add(work(name, port, arguments[2]).rate(port, connections, seconds));
                    }
                }
                print(
                        name,
                        connections,
                        rates.values().stream().map(Load::median).toList());
            }
        }
    }

    private static Work work(String name, int port, String secret) throws Exception {
        String key = "apikey: reader\r\n";
        return switch (name) {
            case "one state" -> Work.reading("/sync-states/r7", key, 200);
            case "one state, token" ->
                Work.reading("/sync-states/r7", "Authorization: Bearer " + token(secret) + "\r\n", 200);
            case "list of 20" -> Work.reading("/sync-states?limit=20", key, 200);
            case "list of 100" -> Work.reading("/sync-states?limit=100", key, 200);
            case "unchanged list" -> {
                String path = "/sync-states?limit=100";
                try (var connection = new Connection(port)) {
                    connection.status(Connection.request("GET", path, key, ""));
                    yield Work.reading(path, key + "If-None-Match: " + connection.header("ETag") + "\r\n", 304);
                }
            }
            default -> Work.pair();
        };
    }

    private static String token(String secret) throws Exception {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        String claims = "{\"role\":\"authenticated\",\"exp\":" + (System.currentTimeMillis() / 1000 + 7200) + "}";
        String signed = base64.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "." + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "." + base64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static void print(String name, int connections, List<Double> rates) {
        var row = new StringBuilder("| " + name + " | " + connections + " |");
        rates.forEach(rate -> row.append(" %,.0f |".formatted(rate)));
        System.out.println(row.append(" %.2f |".formatted(rates.get(rates.size() - 1) / rates.get(0))));
    }
}
