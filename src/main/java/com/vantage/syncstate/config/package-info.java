/** Stops the start at an invalid setting, and says how to fix it. */
@NullMarked
package com.vantage.syncstate.config;

import org.jspecify.annotations.NullMarked;
