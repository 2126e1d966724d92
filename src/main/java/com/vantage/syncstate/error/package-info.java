/** What can go wrong, once: problem types, field errors and what PostgreSQL raises; depends on no other package. */
@NullMarked
package com.vantage.syncstate.error;

import org.jspecify.annotations.NullMarked;
