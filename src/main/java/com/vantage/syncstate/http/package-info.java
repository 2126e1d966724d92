/** What every endpoint shares: the shape of JSON and of problems, and the limits of a request. */
@NullMarked
package com.vantage.syncstate.http;

import org.jspecify.annotations.NullMarked;
