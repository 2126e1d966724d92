/** Stops the start over a setting that cannot be used, and says which would do. */
@NullMarked
package com.vantage.syncstate.config;

import org.jspecify.annotations.NullMarked;
