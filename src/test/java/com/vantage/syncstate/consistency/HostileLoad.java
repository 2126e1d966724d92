package com.vantage.syncstate.consistency;

import com.vantage.syncstate.consistency.DrillConnections.Behaviour;
import java.io.IOException;

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

    DrillConnections begin(int port) throws IOException {
        return new DrillConnections(port, connections, request.replace("KEY", DrillService.HOSTILE_KEY), behaviour);
    }
}
