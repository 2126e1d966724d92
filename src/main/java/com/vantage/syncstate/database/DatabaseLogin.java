package com.vantage.syncstate.database;

/**
 * Where the database is and who logs in.
 *
 * @param url a {@code jdbc:postgresql:} URL
 */
record DatabaseLogin(String url, String username, String password) {

    @Override
    public String toString() {
        return username + " at " + url;
    }
}
