package com.vantage.syncstate.database;

/**
 * A setting that every connection of the pools has from its start, for the database functions to read.
 *
 * @param name as PostgreSQL knows it, {@code vantage.stuck_after}
 * @param value without spaces
 */
public record SessionSetting(String name, String value) {}
