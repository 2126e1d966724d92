package com.vantage.syncstate.live;

import java.util.Set;

/** Waits for states to change, by the polls that the streams share. */
public interface StateListener {

    /** Whether it waits for any; while nobody does, nothing is polled. */
    boolean isWaiting();

    /**
     * Called after every poll while it waits, by the thread that polls.
     *
     * @param changed the resources that have changed since the last call; at the first one, all of them
     */
    void polled(Set<String> changed);

    /** Called when there will be no more polls. */
    void stopped();
}
