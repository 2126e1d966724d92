package com.vantage.syncstate.notify;

import com.vantage.syncstate.config.UnusableSettingException;
import com.vantage.syncstate.notify.NotifyProperties.ChannelProperties;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A channel with which the service can start. Its URL and its secrets are in no text that is made of it.
 *
 * @param url null for mail
 * @param signature null where its kind signs nothing
 * @param envelope null where it is no mail
 */
record Channel(
        String name,
        ChannelKind kind,
        @Nullable URI url,
        @Nullable WebhookSignature signature,
        @Nullable Envelope envelope,
        ChannelProperties properties) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern RESOURCES = Pattern.compile("[A-Za-z0-9_.:*-]{1,128}");

    /** Shorter ones would be more noise than the alert. */
    private static final Duration MIN_REMINDER = Duration.ofMinutes(1);

    private static final Duration MAX_REMINDER = Duration.ofDays(365);

    /** @throws UnusableSettingException naming the property and a value that would do */
    static Channel of(String name, ChannelProperties properties, @Nullable String from) {
        var setting = new Setting("vantage.notify.channels." + name + ".");
        if (!NAME.matcher(name).matches()) {
            throw setting.unusable(
                    "kind", "belongs to a channel whose name is not valid", "Name it such as ops, in lower case");
        }
        ChannelKind kind = properties.kind();
        if (kind == null) {
            throw setting.unusable("kind", "is missing", "Set it to webhook, slack, teams, pagerduty or email");
        }
        for (String pattern : properties.resources()) {
            if (!RESOURCES.matcher(pattern).matches()) {
                throw setting.unusable(
                        "resources", "has an entry that is no resource name", "Set it to names such as accounts,fund*");
            }
        }
        Duration reminder = properties.remindAfter();
        if (reminder != null && (reminder.compareTo(MIN_REMINDER) < 0 || reminder.compareTo(MAX_REMINDER) > 0)) {
            throw setting.unusable(
                    "remind-after",
                    "is " + reminder + "; it must be from " + MIN_REMINDER + " to " + MAX_REMINDER.toDays() + " days",
                    "Set it to a duration such as PT4H");
        }
        if (kind == ChannelKind.PAGERDUTY
                && (properties.secret().size() != 1
                        || properties.secret().get(0).isBlank())) {
            throw setting.unusable("secret", "is missing", "Set it to the integration key of the service in PagerDuty");
        }
        boolean isMail = kind == ChannelKind.EMAIL;
        return new Channel(
                name,
                kind,
                isMail ? null : url(setting, text(properties), properties.allowPrivate()),
                kind == ChannelKind.WEBHOOK ? WebhookSignature.of(setting, properties.secret()) : null,
                isMail ? Envelope.of(setting, from, properties.to()) : null,
                properties);
    }

    private static @Nullable String text(ChannelProperties properties) {
        return properties.kind() == ChannelKind.PAGERDUTY && properties.url() == null
                ? PagerDutyMessages.URL
                : properties.url();
    }

    /** An address that may be called. */
    static URI url(Setting setting, @Nullable String text, boolean allowPrivate) {
        String example = "Set it to an address such as https://hooks.example.com/vantage";
        if (text == null || text.isBlank()) {
            throw setting.unusable("url", "is missing", example);
        }
        URI url;
        try {
            url = URI.create(text.strip());
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message has the address in it.
            throw setting.unusable("url", "is no address", example);
        }
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        if ((!secure && !"http".equalsIgnoreCase(url.getScheme()))
                || url.getHost() == null
                || url.getUserInfo() != null) {
            throw setting.unusable("url", "must be an https address with a host and without user or password", example);
        }
        if (!secure && !allowPrivate) {
            throw setting.unusable(
                    "url",
                    "is not https",
                    example + ", or for a receiver in your own network set " + setting.prefix() + "allow-private=true");
        }
        if (!AddressFilter.of(allowPrivate).allowsLiteral(url.getHost())) {
            throw setting.unusable(
                    "url",
                    "leads to an address that is not allowed",
                    allowPrivate
                            ? "Link-local and metadata addresses never are; give it another"
                            : "For a receiver in your own network set " + setting.prefix() + "allow-private=true");
        }
        return url;
    }

    /** Nothing that could be a secret. */
    @Override
    public String toString() {
        return name;
    }

    /** The properties of a channel, for messages. */
    record Setting(String prefix) {

        UnusableSettingException unusable(String property, String problem, String remedy) {
            return new UnusableSettingException(prefix + property + " " + problem, remedy);
        }
    }
}
