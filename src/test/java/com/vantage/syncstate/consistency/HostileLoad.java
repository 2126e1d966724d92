package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.DrillConnections.Behaviour;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** Connections that are opened to keep others out. */
enum HostileLoad {
    IDLE("10,000 connections that send nothing", 10_000, Behaviour.WAIT, ""),
    ENDLESS_HEADS(
            "5,000 requests whose head never ends",
            5_000,
            Behaviour.DRIP,
            "GET /sync-states HTTP/1.1\r\nHost: localhost\r\nX-Endless: "),
    UNREAD_STREAMS(
            "2,000 streams that are never read",
            2_000,
            Behaviour.IGNORE,
            "GET /sync-states HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\napikey: KEY\r\n\r\n"),
    TRICKLING_BODIES(
            "1,000 bodies that trickle",
            1_000,
            Behaviour.DRIP,
            "POST /sync-states/trickle/start HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10000\r\napikey: KEY\r\n\r\n{"),
    TRICKLING_BODIES_WITHOUT_A_KEY(
            "1,000 bodies without a key that trickle",
            1_000,
            Behaviour.DRIP,
            "POST /sync-states/trickle/start HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10000\r\n\r\n{");

    private final String label;
    private final int connections;
    private final Behaviour behaviour;
    private final String request;

    HostileLoad(String label, int connections, Behaviour behaviour, String request) {
        this.label = label;
        this.connections = connections;
        this.behaviour = behaviour;
        this.request = request;
    }

    String label() {
        return label;
    }

    /** Begins them in this process. */
    private DrillConnections begin(int port) throws IOException {
        return new DrillConnections(port, connections, request.replace("KEY", DrillService.HOSTILE_KEY), behaviour);
    }

    /**
     * Begins them in a process whose work comes after that of others: attackers work elsewhere, and what that costs is not
     * the service's.
     */
    Attackers elsewhere(int port) throws IOException {
        Process process = new ProcessBuilder(
                        "nice",
                        "-n",
                        "10",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileLoad.class.getName(),
                        name(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var attackers = new Attackers(process, process.inputReader());
        try {
            attackers.read();
            return attackers;
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Takes a load and a port; says that it has begun, ends with its input, and prints how many connections were closed. */
    public static void main(String[] arguments) throws IOException {
        try (var connections = valueOf(arguments[0]).begin(Integer.parseInt(arguments[1]))) {
            System.out.println("begun");
            while (System.in.read() >= 0) {
                // Nothing is said but the end.
            }
            System.out.println(connections.ended() + connections.broken());
        }
    }

    /**
     * The process of a load.
     *
     * @param printed what it says
     */
    record Attackers(Process process, BufferedReader printed) {

        /** Ends it; how many of its connections were closed. */
        int end() throws IOException {
            try {
                process.outputWriter().close();
                return Integer.parseInt(read());
            } finally {
                process.destroyForcibly();
            }
        }

        private String read() throws IOException {
            String line = printed.readLine();
            if (line == null) {
                throw new IllegalStateException("The attackers have ended");
            }
            return line;
        }
    }
}
