/** What every endpoint shares: the shape of JSON, of refusals, and the limits of a request. */
@NullMarked
package com.vantage.syncstate.http;

import org.jspecify.annotations.NullMarked;
