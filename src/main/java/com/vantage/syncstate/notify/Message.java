package com.vantage.syncstate.notify;

import java.util.Map;

/**
 * What is posted to a channel.
 *
 * @param headers without the media type, which is JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Message(Map<String, String> headers, byte[] body) {}
