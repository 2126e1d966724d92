package com.vantage.syncstate.sync;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.vantage.syncstate.alert.EffectiveThresholds;

/**
 * A state that is an answer of its own: the keys of one in a list, and what a list leaves out.
 *
 * @param thresholds from which an alert is raised
 */
record SyncStateDetails(@JsonUnwrapped SyncState state, EffectiveThresholds thresholds) {}
