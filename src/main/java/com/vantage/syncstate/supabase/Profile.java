package com.vantage.syncstate.supabase;

import org.jspecify.annotations.Nullable;

/** The one schema that is served. */
final class Profile {

    private static final String PUBLIC = "public";

    private Profile() {}

    /** @throws Refusal 406 for a schema other than {@code public} */
    static void require(@Nullable String profile) {
        if (profile != null && !profile.equals(PUBLIC)) {
            throw new Refusal(
                    406,
                    "PGRST106",
                    "Invalid schema: " + profile,
                    null,
                    "Only the following schemas are exposed: " + PUBLIC);
        }
    }
}
