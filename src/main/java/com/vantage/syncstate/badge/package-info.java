/** A state as a picture, for pages that show how things stand. */
@NullMarked
package com.vantage.syncstate.badge;

import org.jspecify.annotations.NullMarked;
