/** Words errors as PostgREST does. */
@NullMarked
package com.vantage.syncstate.postgrest.error;

import org.jspecify.annotations.NullMarked;
