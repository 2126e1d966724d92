package com.vantage.syncstate.incident;

/** Incidents were opened, changed or closed by this instance. */
public record IncidentsChanged() {}
