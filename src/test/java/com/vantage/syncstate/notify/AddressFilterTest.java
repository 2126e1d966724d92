package com.vantage.syncstate.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vantage.syncstate.notify.AddressFilter.ForbiddenAddressException;
import com.vantage.syncstate.support.Receiver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a channel may lead. */
class AddressFilterTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "::ffff:169.254.169.254",
                "fe80::1",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "255.255.255.255",
                "fd00:ec2::254",
                "100.100.100.200",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "2852039166"
            })
    void neverToLinkLocalMetadataOrWhatIsNoHost(String address) {
        assertThat(AddressFilter.of(true).allowsLiteral("[" + address + "]")).isFalse();
        assertThat(AddressFilter.of(false).allowsLiteral("[" + address + "]")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "fd12::1",
                "2130706433",
                "127.1"
            })
    void toAPrivateOneOnlyWhereItIsAllowed(String address) {
        assertThat(AddressFilter.of(false).allowsLiteral("[" + address + "]")).isFalse();
        assertThat(AddressFilter.of(true).allowsLiteral("[" + address + "]")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "2606:4700:4700::1111", "172.32.0.1", "100.128.0.1", "32.2.0.1", "32.1.0.0"})
    void toAPublicOne(String address) {
        assertThat(AddressFilter.of(false).allowsLiteral("[" + address + "]")).isTrue();
    }

    @Test
    void notToANameThatAlsoHasAnAddressThatIsNotAllowed() throws Exception {
        var filter = new AddressFilter(false, new Names(List.of(List.of("1.1.1.1", "10.0.0.1"))));

        assertThatThrownBy(() -> filter.resolve("both.example.com")).isInstanceOf(ForbiddenAddressException.class);
    }

    /** A name server that answers otherwise the second time cannot lead elsewhere: there is no second time. */
    @Test
    void looksANameUpOnceAndConnectsToWhatItLookedAt() throws Exception {
        var names = new Names(List.of(List.of("127.0.0.1"), List.of("169.254.169.254")));
        try (var receiver = new Receiver();
                var client = HttpSender.client(new AddressFilter(true, names));
                var response = client.executeOpen(
                        null, new HttpGet(receiver.url("/flips").replace("127.0.0.1", "flips.example.com")), null)) {
            assertThat(response.getCode()).isEqualTo(200);
            assertThat(receiver.at("/flips")).hasSize(1);
        }

        assertThat(names.answers).containsExactly(List.of("169.254.169.254"));
    }

    @Test
    void connectsNowhereWhereANameLeadsToAnAddressThatIsNotAllowed() throws Exception {
        var names = new Names(List.of(List.of("10.0.0.1")));
        try (var client = HttpSender.client(new AddressFilter(false, names))) {
            assertThatThrownBy(() -> client.executeOpen(null, new HttpGet("http://private.example.com/"), null))
                    .isInstanceOf(ForbiddenAddressException.class);
        }
    }

    /** Answers each look-up with the next of its lists. */
    private static final class Names implements DnsResolver {

        private final Deque<List<String>> answers;

        Names(List<List<String>> answers) {
            this.answers = new ArrayDeque<>(answers);
        }

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            List<String> addresses = answers.remove();
            var resolved = new InetAddress[addresses.size()];
            for (int i = 0; i < resolved.length; i++) {
                resolved[i] = InetAddress.getByName(addresses.get(i));
            }
            return resolved;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
