/** Streams the states and their changes, whoever made them, to any number of clients. */
@NullMarked
package com.vantage.syncstate.live;

import org.jspecify.annotations.NullMarked;
