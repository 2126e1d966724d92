package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds at a moment, as Linux has it.
 *
 * @param memory resident, in MiB
 */
record DrillProcess(int threads, long descriptors, long memory) {

    static DrillProcess of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        int threads = 0;
        long memory = 0;
        for (String line : Files.readAllLines(process.resolve("status"))) {
            String[] words = line.split("\\s+", -1);
            switch (words[0]) {
                case "Threads:" -> threads = Integer.parseInt(words[1]);
                case "VmRSS:" -> memory = Long.parseLong(words[1]) / 1024;
                default -> {
                    // Of no concern here.
                }
            }
        }
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return new DrillProcess(threads, descriptors.count(), memory);
        }
    }

    DrillProcess most(DrillProcess other) {
        return new DrillProcess(
                Math.max(threads, other.threads),
                Math.max(descriptors, other.descriptors),
                Math.max(memory, other.memory));
    }

    @Override
    public String toString() {
        return "%d threads, %d descriptors, %d MiB".formatted(threads, descriptors, memory);
    }
}
