/** Reports when each resource of the Vantage API last synced, whether it worked, and whether it is running. */
@NullMarked
package com.vantage.syncstate;

import org.jspecify.annotations.NullMarked;
