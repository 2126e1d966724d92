/** The history of runs: every attempt to sync a resource, page by page, and for how long it is kept. */
@NullMarked
package com.vantage.syncstate.run;

import org.jspecify.annotations.NullMarked;
