package com.vantage.syncstate.sync;

/** Published after a call through this instance may have changed a state; a change made elsewhere publishes nothing. */
public record SyncStateChanged(String resource) {}
