/** The gate for jobs that build on others: whether data is fresh enough, and waiting until it is. */
@NullMarked
package com.vantage.syncstate.fresh;

import org.jspecify.annotations.NullMarked;
