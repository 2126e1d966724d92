package com.vantage.syncstate.web;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers that are encoded once. */
final class EncodedConverter extends AbstractHttpMessageConverter<Encoded<?>> {

    private final JsonMapper json;

    EncodedConverter(JsonMapper json) {
        super(MediaType.APPLICATION_JSON);
        this.json = json;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == Encoded.class;
    }

    @Override
    public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    @Override
    protected Encoded<?> readInternal(Class<? extends Encoded<?>> type, HttpInputMessage message) {
        throw new HttpMessageNotReadableException("Nothing is read as this", message);
    }

    @Override
    protected Long getContentLength(Encoded<?> answer, @Nullable MediaType mediaType) {
        return (long) answer.json(json).length;
    }

    @Override
    protected void writeInternal(Encoded<?> answer, HttpOutputMessage message) throws IOException {
        message.getBody().write(answer.json(json));
    }
}
