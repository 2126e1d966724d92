package com.vantage.syncstate.support;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What tests run that comes from packages of the same name. */
public final class InstalledPrograms {

    private InstalledPrograms() {}

    /**
     * Returns where all of them are on the path.
     *
     * @throws IllegalStateException that names the packages to install
     */
    public static void require(String... programs) {
        List<String> missing =
                Stream.of(programs).filter(program -> !isOnThePath(program)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(missing.stream()
                    .collect(Collectors.joining(
                            " ", "These tests need more programs on the path. Debian: apt-get install ", "")));
        }
    }

    private static boolean isOnThePath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
