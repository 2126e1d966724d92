package com.vantage.syncstate.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Limits of a request.
 *
 * @param maxBodySize largest body that is read, for example {@code 1MB}
 */
@ConfigurationProperties("vantage.http")
record HttpProperties(DataSize maxBodySize) {}
