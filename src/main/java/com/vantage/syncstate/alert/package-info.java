/** What is wrong, over all resources, and the thresholds from which it counts as wrong. */
@NullMarked
package com.vantage.syncstate.alert;

import org.jspecify.annotations.NullMarked;
