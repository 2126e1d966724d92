package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.config.UnusableSettingException;
import com.vantage.syncstate.incident.Incident.Severity;
import com.vantage.syncstate.notify.NotifyProperties.ChannelProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Channels as they are configured, and those with which the service does not start, and why. */
class ChannelTest {

    private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
    private static final String URL = "https://hooks.example.com/T0/secret";

    /** By the names of the README. */
    @Test
    void comesFromTheEnvironment() {
        String prefix = "VANTAGE_NOTIFY_CHANNELS_OPS_";
        var environment = new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                        prefix + "KIND",
                        "slack",
                        prefix + "URL",
                        "http://127.0.0.1:8090",
                        prefix + "ALLOW_PRIVATE",
                        "true",
                        prefix + "MIN_SEVERITY",
                        "error",
                        prefix + "REMIND_AFTER",
                        "PT4H"));

        ChannelProperties properties = new Binder(ConfigurationPropertySources.from(environment))
                .bind("vantage.notify", NotifyProperties.class)
                .get()
                .channels()
                .get("ops");

        assertThat(properties.kind()).isEqualTo(ChannelKind.SLACK);
        assertThat(properties.url()).isEqualTo("http://127.0.0.1:8090");
        assertThat(properties.allowPrivate()).isTrue();
        assertThat(properties.minSeverity()).isEqualTo(Severity.ERROR);
        assertThat(properties.remindAfter()).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void startsWithOneThatIsComplete() {
        Channel channel = Channel.of("ops", properties(ChannelKind.WEBHOOK, URL, SECRET, null), null);

        assertThat(channel.toString() + channel.properties()).doesNotContain("secret", SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, url is missing",
                "'not an address', url is no address",
                "ftp://example.com/, url must be an https address",
                "https:///path, url must be an https address",
                "https://user:password@example.com/, url must be an https address",
                "http://example.com/, url is not https",
                "https://169.254.169.254/, url leads to an address that is not allowed",
                "https://10.0.0.1/, url leads to an address that is not allowed",
                "https://[::ffff:10.0.0.1]/, url leads to an address that is not allowed",
                "https://2130706433/, url leads to an address that is not allowed",
                "https://0.0.0.0/, url leads to an address that is not allowed"
            })
    void refusesAnAddressThatItCouldNotUse(@Nullable String url, String problem) {
        assertThatThrownBy(() -> Channel.of("ops", properties(ChannelKind.SLACK, url, null, null), null))
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("vantage.notify.channels.ops." + problem)
                .hasMessageNotContaining(url == null ? "null" : url)
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none, is missing", "password, must be", "whsec_c2hvcnQ=, must be", "whsec_!!!, must be"})
    void refusesASecretThatCannotSign(@Nullable String secret, String problem) {
        assertThatThrownBy(() -> Channel.of("ops", properties(ChannelKind.WEBHOOK, URL, secret, null), null))
                .isInstanceOf(UnusableSettingException.class)
                .hasMessageContaining("vantage.notify.channels.ops.secret " + problem)
                .hasMessageNotContaining("password");
    }

    @Test
    void refusesANameAKindAndAReminderThatAreNone() {
        assertThatThrownBy(() -> Channel.of("Ops Team", properties(ChannelKind.SLACK, URL, null, null), null))
                .hasMessageContaining("name is not valid");
        assertThatThrownBy(() -> Channel.of("ops", properties(null, URL, null, null), null))
                .hasMessageContaining("channels.ops.kind is missing");
        assertThatThrownBy(
                        () -> Channel.of("ops", properties(ChannelKind.SLACK, URL, null, Duration.ofSeconds(1)), null))
                .hasMessageContaining("channels.ops.remind-after is PT1S");
    }

    @Test
    void refusesMailFromNobodyToNobodyOrToWhatIsNoAddress() {
        assertThatThrownBy(() -> Channel.of("ops", mail("ops@example.com"), null))
                .hasMessageContaining("vantage.notify.from is missing");
        assertThatThrownBy(() -> Channel.of("ops", mail(), "sync@example.com"))
                .hasMessageContaining("vantage.notify.channels.ops.to is missing");
        assertThatThrownBy(() -> Channel.of("ops", mail("ops@example.com\r\nBcc: x@example.com"), "sync@example.com"))
                .hasMessageContaining("no address");
    }

    private static ChannelProperties mail(String... to) {
        return new ChannelProperties(
                ChannelKind.EMAIL, null, List.of(), List.of(to), Severity.WARNING, List.of(), List.of(), null, false);
    }

    private static ChannelProperties properties(
            @Nullable ChannelKind kind, @Nullable String url, @Nullable String secret, @Nullable Duration reminder) {
        return new ChannelProperties(
                kind,
                url,
                secret == null ? List.of() : List.of(secret),
                List.of(),
                Severity.WARNING,
                List.of(),
                List.of(),
                reminder,
                false);
    }
}
