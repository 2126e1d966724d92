/** An API in the shape of PostgREST, so that code written for supabase-js runs here unchanged. */
@NullMarked
package com.vantage.syncstate.postgrest;

import org.jspecify.annotations.NullMarked;
