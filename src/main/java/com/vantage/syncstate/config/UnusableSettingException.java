package com.vantage.syncstate.config;

/** A setting with which the service cannot or must not start. */
public final class UnusableSettingException extends RuntimeException {

    private final String remedy;

    /**
     * @param message what is wrong, naming the property
     * @param remedy how to fix it, with a value that can be copied
     */
    public UnusableSettingException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
