/** What is out of order, over all resources, and from when on it counts as that. */
@NullMarked
package com.vantage.syncstate.alert;

import org.jspecify.annotations.NullMarked;
