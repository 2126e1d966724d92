package com.vantage.syncstate.consistency;

import java.io.IOException;
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
        parts.put("packets", directory -> new FaultDrill(directory, each).lostPackets());
        parts.put("disk", directory -> new FaultDrill(directory, each).fullDisk());
        parts.put("clock", directory -> new FaultDrill(directory, each).wrongClock());
        parts.put("failover", directory -> new FaultDrill(directory, each).failover());
        parts.put("load", directory -> new LoadDrill(each).run(directory));
        parts.put("streams", directory -> List.of(StreamsAtShutdown.run(directory)));
        parts.put("versions", directory -> List.of(TwoVersions.run(directory)));
        parts.put("restarts", directory -> List.of(new RollingRestarts(restarts).run(directory)));
        if (!names.equals(ALL)) {
            Set<String> wanted = Set.of(names.split(",", -1));
            if (!parts.keySet().containsAll(wanted)) {
                throw new IllegalArgumentException("parts is " + names + "; expected some of " + parts.keySet());
            }
            parts.keySet().retainAll(wanted);
        }
        List<DrillRow> rows = new ArrayList<>();
        for (var part : parts.entrySet()) {
            List<DrillRow> more = run(part.getKey(), part.getValue());
            // Each as it comes: all of them take long.
            more.forEach(System.out::println);
            rows.addAll(more);
        }
        System.out.println();
        System.out.println(DrillRow.HEADER);
        rows.forEach(System.out::println);
        return rows.stream().allMatch(DrillRow::holds);
    }

    /** A part that cannot be run to its end is a row as well. */
    private static List<DrillRow> run(String name, Part part) throws IOException {
        Path directory = Files.createTempDirectory("vantage-drill");
        try {
            return part.run(directory);
        } catch (Exception e) {
            return List.of(DrillRow.failed(name, e));
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    /** One part, in a directory of its own. */
    private interface Part {

        List<DrillRow> run(Path directory) throws Exception;
    }
}
