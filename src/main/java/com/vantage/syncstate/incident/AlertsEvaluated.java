package com.vantage.syncstate.incident;

/** This instance has evaluated the alerts, to the end. */
public record AlertsEvaluated() {}
