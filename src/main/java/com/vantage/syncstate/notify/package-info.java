/** Notifications: sends the events of incidents to the channels of the configuration, from an outbox in the database. */
@NullMarked
package com.vantage.syncstate.notify;

import org.jspecify.annotations.NullMarked;
