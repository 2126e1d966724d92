/** The ping protocol of Healthchecks, by which jobs report that can only request an address. */
@NullMarked
package com.vantage.syncstate.ping;

import org.jspecify.annotations.NullMarked;
