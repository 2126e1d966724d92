package com.vantage.syncstate.postgrest.request;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of the rows are requested.
 *
 * @param offset how many to pass over
 * @param limit how many at most
 */
public record RowRange(BigInteger offset, BigInteger limit) {

    /** The default maximum of Supabase. */
    public static final BigInteger MAX_ROWS = BigInteger.valueOf(1000);

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,100}");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,100})-([0-9]{0,100})");

    /**
     * Reads {@code offset} and {@code limit}, and the header {@code Range: 0-24}. What is no number counts as not given,
     * but for a limit beside an offset, which counts as 0: that is PostgREST's way.
     *
     * @throws PostgrestError 416 where nothing is left
     */
    static RowRange read(@Nullable String offset, @Nullable String limit, @Nullable String header) {
        BigInteger from = number(offset).orElse(BigInteger.ZERO);
        BigInteger size = number(limit).orElse(limit != null && offset != null ? BigInteger.ZERO : null);
        if (BigInteger.ZERO.equals(size) && from.signum() == 0) {
            return new RowRange(BigInteger.ZERO, BigInteger.ZERO);
        }
        BigInteger lower = from.max(BigInteger.ZERO);
        BigInteger upper = size == null ? null : from.add(size);
        Matcher range = RANGE.matcher(header == null ? "" : header);
        boolean reversed = false;
        if (range.matches()) {
            var first = new BigInteger(range.group(1));
            lower = lower.max(first);
            if (!range.group(2).isEmpty()) {
                BigInteger end = new BigInteger(range.group(2)).add(BigInteger.ONE);
                reversed = end.compareTo(first) <= 0;
                upper = upper == null ? end : upper.min(end);
            }
        }
        if (upper != null && upper.compareTo(lower) <= 0) {
            String details = reversed
                    ? "The lower boundary must be lower than or equal to the upper boundary in the Range header."
                    : "Limit should be greater than or equal to zero.";
            throw new PostgrestError(416, "PGRST103", "Requested range not satisfiable", details, null);
        }
        return new RowRange(
                lower, upper == null ? MAX_ROWS : upper.subtract(lower).min(MAX_ROWS));
    }

    private static Optional<BigInteger> number(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches() ? Optional.of(new BigInteger(text)) : Optional.empty();
    }
}
