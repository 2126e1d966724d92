/** Makes statements of requests, runs them in the role of their caller, and answers with the rows. */
@NullMarked
package com.vantage.syncstate.postgrest.sql;

import org.jspecify.annotations.NullMarked;
