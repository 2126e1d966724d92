/** What there is to read and to call, as the database has it. */
@NullMarked
package com.vantage.syncstate.postgrest.plan;

import org.jspecify.annotations.NullMarked;
