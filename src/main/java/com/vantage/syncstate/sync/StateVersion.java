package com.vantage.syncstate.sync;

import java.time.Instant;

/**
 * Names one version of a state: another one of the same resource differs in it.
 *
 * @param updatedAt later at every change of the row
 * @param alerts which come and go by the mere passing of time, as the next due times do
 */
public record StateVersion(String resource, Instant updatedAt, String alerts, String nextDue) {}
