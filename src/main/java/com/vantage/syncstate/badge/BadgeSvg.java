package com.vantage.syncstate.badge;

import java.util.Locale;
import org.springframework.web.util.HtmlUtils;

/** Draws a badge as SVG: two boxes as wide as their texts, the label in dark grey and the message in its colour. */
final class BadgeSvg {

    private static final int MARGIN = 6;
    private static final double FONT_SIZE = 11;

    /** Advance widths of Verdana in thousandths of the font size; a reader without Verdana has its text stretched to them. */
    private static final int[] CAPITALS = {
        684, 686, 698, 771, 632, 575, 775, 751, 421, 455, 693, 557, 843, 748, 787, 603, 787, 695, 684, 616, 732, 684,
        989, 685, 615, 685
    };

    private static final int[] SMALL = {
        601, 623, 521, 623, 596, 352, 623, 633, 274, 344, 592, 274, 973, 633, 607, 623, 623, 427, 521, 394, 633, 592,
        818, 592, 592, 525
    };

    private static final int DIGIT = 636;
    private static final int SPACE = 352;
    private static final int OTHER = 640;

    private BadgeSvg() {}

    static String draw(Badge badge) {
        double label = width(badge.label());
        double message = width(badge.message());
        double left = label + 2 * MARGIN;
        double right = message + 2 * MARGIN;
        return String.format(
                Locale.ROOT,
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$.1f" height="20" role="img" aria-label="%4$s: %5$s">
                  <title>%4$s: %5$s</title>
                  <linearGradient id="sheen" x2="0" y2="100%%">
                    <stop offset="0" stop-color="#fff" stop-opacity=".12"/>
                    <stop offset="1" stop-opacity=".12"/>
                  </linearGradient>
                  <rect width="%1$.1f" height="20" rx="3" fill="%3$s"/>
                  <path d="M3 0H%2$.1fV20H3A3 3 0 0 1 0 17V3A3 3 0 0 1 3 0Z" fill="#4a4f55"/>
                  <rect width="%1$.1f" height="20" rx="3" fill="url(#sheen)"/>
                  <g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
                    <text x="6" y="14" textLength="%6$.1f">%4$s</text>
                    <text x="%7$.1f" y="14" textLength="%8$.1f">%5$s</text>
                  </g>
                </svg>
                """,
                left + right,
                left,
                badge.color().paint(),
                HtmlUtils.htmlEscape(badge.label(), "UTF-8"),
                HtmlUtils.htmlEscape(badge.message(), "UTF-8"),
                label,
                left + MARGIN,
                message);
    }

    private static double width(String text) {
        return text.chars().map(BadgeSvg::advance).sum() * FONT_SIZE / 1_000;
    }

    private static int advance(int character) {
        if (character >= 'a' && character <= 'z') {
            return SMALL[character - 'a'];
        }
        if (character >= 'A' && character <= 'Z') {
            return CAPITALS[character - 'A'];
        }
        if (character >= '0' && character <= '9') {
            return DIGIT;
        }
        return switch (character) {
            case ' ' -> SPACE;
            case '.', ',' -> 364;
            case ':', '-' -> 454;
            default -> OTHER;
        };
    }
}
