package com.vantage.syncstate.notify;

import com.vantage.syncstate.notify.Delivery.Outcome;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.mail.MailAuthenticationException;
import org.springframework.mail.MailException;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;

/** Sends mail: the subject says what is wrong, and the mails of one incident make a thread. */
@Component
class SmtpSender {

    /** Longer subjects are cut by those who show them. */
    private static final int MAX_SUBJECT = 150;

    private static final String DOMAIN = "@vantage-sync-state>";

    private final ObjectProvider<JavaMailSender> mail;
    private final Links links;

    SmtpSender(ObjectProvider<JavaMailSender> mail, Links links) {
        this.mail = mail;
        this.links = links;
    }

    /** @param last of the events that it reports: its id is that of the mail, at each attempt */
    Delivery send(Channel channel, ChatText text, Notification last) {
        try {
            JavaMailSender sender = mail.getObject();
            sender.send(mime(sender, channel, text, last));
            return new Delivery(Outcome.SENT, null, null, null);
        } catch (MailAuthenticationException e) {
            return Delivery.failed("The mail server refuses the user or the password");
        } catch (MailSendException e) {
            boolean refused = Arrays.stream(e.getMessageExceptions()).anyMatch(SendFailedException.class::isInstance);
            return Delivery.failed(
                    refused
                            ? "The mail server refuses an address or the message"
                            : "The mail server cannot be reached");
        } catch (MailException | MessagingException e) {
            return Delivery.failed("The mail server does not take the mail");
        }
    }

    private MimeMessage mime(JavaMailSender sender, Channel channel, ChatText text, Notification last)
            throws MessagingException {
        MimeMessage message = sender.createMimeMessage();
        // The sender keeps it, where the library would make one of its own.
        message.setHeader("Message-ID", "<" + last.eventId() + DOMAIN);
        Envelope envelope = Objects.requireNonNull(channel.envelope());
        message.setFrom(envelope.from());
        for (InternetAddress address : envelope.to()) {
            message.addRecipient(RecipientType.TO, address);
        }
        message.setSubject(subject(text), StandardCharsets.UTF_8.name());
        if (last.incidentId() != null) {
            message.setHeader("References", "<" + last.incidentId() + DOMAIN);
        }
        // So that no vacation reply comes back.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(body(text), StandardCharsets.UTF_8.name());
        return message;
    }

    private static String subject(ChatText text) {
        String subject = text.cause().isEmpty() ? text.headline() : text.headline() + ". " + text.cause();
        return subject.length() <= MAX_SUBJECT ? subject : subject.substring(0, MAX_SUBJECT - 1) + "…";
    }

    private String body(ChatText text) {
        String body = text.headline() + "\n\n" + String.join("\n", text.lines()) + "\n";
        return links.areAbsolute() ? body + "\nAll resources: " + links.page() + "\n" : body;
    }
}
