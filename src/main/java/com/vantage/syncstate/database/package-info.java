/** Two connection pools, each bound to one database role, and the PostgreSQL that runs where no other is configured. */
@NullMarked
package com.vantage.syncstate.database;

import org.jspecify.annotations.NullMarked;
