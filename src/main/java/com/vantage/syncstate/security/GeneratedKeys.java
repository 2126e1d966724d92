package com.vantage.syncstate.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;

/**
 * The two keys of a service that runs on its embedded database: made once, kept beside the data, readable by their owner
 * alone.
 */
record GeneratedKeys(String service, String reader) {

    /**
     * Reads the keys of a directory, or makes them.
     *
     * @throws UncheckedIOException if the file can be neither read nor written
     */
    static GeneratedKeys in(Path directory) {
        Path file = directory.resolve("keys.properties");
        try {
            var stored = new Properties();
            if (Files.exists(file)) {
                try (var in = Files.newBufferedReader(file)) {
                    stored.load(in);
                }
            }
            String service = stored.getProperty("service");
            String reader = stored.getProperty("reader");
            if (service != null && reader != null) {
                return new GeneratedKeys(service, reader);
            }
            var made = new GeneratedKeys("service-" + random(), "reader-" + random());
            made.store(file);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("The keys in " + file + " can be neither read nor written", e);
        }
    }

    KeyProperties asProperties() {
        return new KeyProperties(List.of(service), List.of(reader));
    }

    private void store(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(file);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.write(file, List.of("service=" + service, "reader=" + reader));
    }

    private static String random() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public String toString() {
        return "two keys";
    }
}
