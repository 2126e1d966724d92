package com.vantage.syncstate.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A handler for requests that name this media type in {@code Accept}, and do not name JSON as well; one that accepts
 * anything gets another handler.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ExplicitlyAccepts {

    String value();
}
