/** Turns keys and tokens into a reader or a service. */
@NullMarked
package com.vantage.syncstate.security;

import org.jspecify.annotations.NullMarked;
