package com.vantage.syncstate.security;

import java.util.HashMap;
import java.util.Map;

/** Places of which there are so many for all callers, and so many for each, so that none keeps all others out. */
public final class CallerPlaces {

    private final int ofAll;
    private final int ofEach;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    public CallerPlaces(int ofAll, int ofEach) {
        this.ofAll = ofAll;
        this.ofEach = ofEach;
    }

    /** Takes one, to be left again, unless the answer says that there is none. */
    public synchronized Answer take(Caller caller) {
        if (all >= ofAll) {
            return Answer.ALL_TAKEN;
        }
        int own = taken.getOrDefault(caller.id(), 0);
        if (own >= ofEach) {
            return Answer.ALL_OF_CALLER_TAKEN;
        }
        all++;
        taken.put(caller.id(), own + 1);
        return Answer.TAKEN;
    }

    public synchronized void leave(Caller caller) {
        all--;
        taken.computeIfPresent(caller.id(), (id, own) -> own == 1 ? null : own - 1);
    }

    /** What came of it. */
    public enum Answer {
        TAKEN,
        ALL_TAKEN,
        ALL_OF_CALLER_TAKEN
    }
}
