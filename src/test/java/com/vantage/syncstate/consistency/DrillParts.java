package com.vantage.syncstate.consistency;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.util.FileSystemUtils;

/** All parts of the drill but the kills, in a table of one row each. */
final class DrillParts {

    private static final String ALL = "all";

    private DrillParts() {}

    /**
     * Runs and prints them.
     *
     * @param names of those that are run, separated by commas
     * @return whether all their limits held
     */
    static boolean run(String names, Duration each, int restarts) throws Exception {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("database", directory -> new FaultDrill(directory, each).plain());
        parts.put("special", directory -> new FaultDrill(directory, each).special());
        parts.put("load", directory -> new LoadDrill(each).run(directory));
        parts.put("streams", directory -> List.of(StreamsAtShutdown.run(directory)));
        parts.put("versions", directory -> List.of(TwoVersions.run(directory)));
        parts.put("restarts", directory -> List.of(new RollingRestarts(restarts).run(directory)));
        if (!names.equals(ALL)) {
            Set<String> wanted = Set.of(names.split(","));
            if (!parts.keySet().containsAll(wanted)) {
                throw new IllegalArgumentException("parts is " + names + "; expected some of " + parts.keySet());
            }
            parts.keySet().retainAll(wanted);
        }
        List<DrillRow> rows = new ArrayList<>();
        for (var part : parts.entrySet()) {
            System.out.println("Drill of " + part.getKey());
            try {
                rows.addAll(run(part.getValue()));
            } catch (Exception e) {
                e.printStackTrace();
                rows.add(DrillRow.failed(part.getKey(), e));
            }
        }
        System.out.println(DrillRow.HEADER);
        rows.forEach(System.out::println);
        return rows.stream().allMatch(DrillRow::holds);
    }

    private static List<DrillRow> run(Part part) throws Exception {
        Path directory = Files.createTempDirectory("vantage-drill");
        try {
            return part.run(directory);
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    /** One part, in a directory of its own. */
    private interface Part {

        List<DrillRow> run(Path directory) throws Exception;
    }
}
