package com.vantage.syncstate.consistency;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network and mounts that only the drill sees, in which it may drop packets and mount a small disk. They end with its
 * last process.
 */
final class DrillNamespace {

    static final String MISSING =
            "a network and mounts of its own: Linux with ip and unshare, as root or where users may have namespaces";

    private static final String PROPERTY = "drill.namespace";

    private DrillNamespace() {}

    static boolean isOwn() {
        return Boolean.getBoolean(PROPERTY);
    }

    /** Runs the same program again inside, and returns its exit code; null where none can be had. */
    static @Nullable Integer runInside(Class<?> program) throws IOException, InterruptedException {
        if (isOwn() || run(inside(List.of("ip", "link", "set", "lo", "up"))) != 0) {
            return null;
        }
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        java.add("-D" + PROPERTY + "=true");
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        List<String> script = new ArrayList<>(List.of("sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
        script.addAll(java);
        Process drill = new ProcessBuilder(inside(script)).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(drill::destroy));
        return drill.waitFor();
    }

    /** Runs a program of the system; 127 where there is none of that name. */
    static int run(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127;
        }
    }

    /** Runs one that has to succeed. */
    static void require(String... command) throws InterruptedException {
        int code = run(List.of(command));
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed: " + code);
        }
    }

    private static List<String> inside(List<String> command) {
        List<String> all = new ArrayList<>(List.of("unshare", "--net", "--mount"));
        if (!System.getProperty("user.name").equals("root")) {
            all.add("--map-root-user");
        }
        all.addAll(command);
        return all;
    }
}
