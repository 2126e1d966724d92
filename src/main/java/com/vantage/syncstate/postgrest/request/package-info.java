/** Reads what a request says, without looking whether the database has what it names. */
@NullMarked
package com.vantage.syncstate.postgrest.request;

import org.jspecify.annotations.NullMarked;
