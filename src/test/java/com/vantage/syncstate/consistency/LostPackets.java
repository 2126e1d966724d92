package com.vantage.syncstate.consistency;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packets to PostgreSQL and from it are dropped by a rule, without a word to either side. */
final class LostPackets implements DrillFault {

    private static final String TABLE = "vantage_drill";

    private final int percent;

    /** @param percent of them that are dropped */
    LostPackets(int percent) {
        this.percent = percent;
    }

    /** What there has to be for it; null where it can be run. */
    static @Nullable String missing() throws InterruptedException {
        if (!DrillNamespace.isOwn()) {
            return DrillNamespace.MISSING;
        }
        return DrillNamespace.run(List.of("nft", "list", "tables")) == 0
                ? null
                : "nft (Debian: apt-get install nftables)";
    }

    @Override
    public String label() {
        return percent + " % of the packets are lost";
    }

    @Override
    public Undo begin(DrillPostgres postgres) throws InterruptedException {
        nft("add table ip " + TABLE);
        nft("add chain ip " + TABLE + " input { type filter hook input priority 0; }");
        for (String side : List.of("dport", "sport")) {
            nft("add rule ip " + TABLE + " input tcp " + side + " " + postgres.port()
                    + (percent < 100 ? " numgen random mod 100 < " + percent : "") + " drop");
        }
        return () -> nft("delete table ip " + TABLE);
    }

    private static void nft(String command) throws InterruptedException {
        DrillNamespace.require("nft", command);
    }
}
