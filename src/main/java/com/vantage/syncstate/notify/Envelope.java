package com.vantage.syncstate.notify;

import com.vantage.syncstate.config.UnusableSettingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom mail comes from, and whom it goes to. */
record Envelope(InternetAddress from, List<InternetAddress> to) {

    /** @throws UnusableSettingException if there is nobody, or one whose address cannot be read */
    static Envelope of(Channel.Setting setting, @Nullable String from, List<String> to) {
        if (from == null || from.isBlank()) {
            throw new UnusableSettingException(
                    "vantage.notify.from is missing; a channel sends mail",
                    "Set it to an address such as sync@example.com");
        }
        if (to.isEmpty()) {
            throw setting.unusable("to", "is missing", "Set it to addresses such as ops@example.com");
        }
        try {
            return new Envelope(
                    address(from), to.stream().map(Envelope::address).toList());
        } catch (IllegalArgumentException e) {
            throw setting.unusable(
                    "to",
                    "or vantage.notify.from has an entry that is no address",
                    "Set it to addresses such as ops@example.com");
        }
    }

    private static InternetAddress address(String text) {
        try {
            var address = new InternetAddress(text.strip(), true);
            address.validate();
            return address;
        } catch (AddressException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
