/** The states as metrics, by resource. */
@NullMarked
package com.vantage.syncstate.metrics;

import org.jspecify.annotations.NullMarked;
