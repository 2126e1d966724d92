/** Incidents: what is wrong with a resource for a while, found by comparing the alerts with what is known every few seconds. */
@NullMarked
package com.vantage.syncstate.incident;

import org.jspecify.annotations.NullMarked;
