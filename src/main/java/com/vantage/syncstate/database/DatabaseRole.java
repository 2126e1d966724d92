package com.vantage.syncstate.database;

/** The roles of the database that requests run as, and that the claim {@code role} of a token names. */
public final class DatabaseRole {

    /** Reads. */
    public static final String AUTHENTICATED = "authenticated";

    /** Reads as well; Supabase has it for callers without a login. */
    public static final String ANON = "anon";

    /** Reads and writes. */
    public static final String SERVICE_ROLE = "service_role";

    private DatabaseRole() {}
}
