package com.vantage.syncstate.supabase;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of the rows are wanted.
 *
 * @param offset how many to pass over
 * @param limit how many at most
 */
record Page(BigInteger offset, BigInteger limit) {

    /** As many rows as Supabase gives at most, unless told otherwise. */
    static final BigInteger MOST_ROWS = BigInteger.valueOf(1000);

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,100}");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,100})-([0-9]{0,100})");

    /**
     * Reads {@code offset} and {@code limit}, and the header {@code Range: 0-24}; what is no number counts as not given.
     *
     * @throws Refusal 416 where nothing is left
     */
    static Page read(@Nullable String offset, @Nullable String limit, @Nullable String header) {
        BigInteger lower = number(offset).orElse(BigInteger.ZERO).max(BigInteger.ZERO);
        BigInteger size = number(limit).orElse(null);
        BigInteger upper = size == null ? null : lower.add(size);
        Matcher range = RANGE.matcher(header == null ? "" : header);
        boolean reversed = false;
        if (range.matches()) {
            var from = new BigInteger(range.group(1));
            lower = lower.max(from);
            if (!range.group(2).isEmpty()) {
                BigInteger to = new BigInteger(range.group(2)).add(BigInteger.ONE);
                reversed = to.compareTo(from) <= 0;
                upper = upper == null ? to : upper.min(to);
            }
        }
        if (upper != null && upper.compareTo(lower) <= 0 && (size == null || size.signum() != 0)) {
            throw Refusal.range(
                    reversed
                            ? "The lower boundary must be lower than or equal to the upper boundary in the Range header."
                            : "Limit should be greater than or equal to zero.");
        }
        BigInteger left = upper == null ? MOST_ROWS : upper.subtract(lower).max(BigInteger.ZERO);
        return new Page(lower, left.bitLength() > 63 ? left : left.min(MOST_ROWS));
    }

    private static Optional<BigInteger> number(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches() ? Optional.of(new BigInteger(text)) : Optional.empty();
    }
}
