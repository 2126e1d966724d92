/** Starts, completes and fails syncs, and reads their states. */
@NullMarked
package com.vantage.syncstate.sync;

import org.jspecify.annotations.NullMarked;
