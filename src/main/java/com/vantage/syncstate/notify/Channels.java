package com.vantage.syncstate.notify;

import com.vantage.syncstate.alert.AlertKind;
import com.vantage.syncstate.config.UnusableSettingException;
import com.vantage.syncstate.notify.NotifyProperties.ChannelProperties;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The channels of the configuration. What decides who is notified is written to the database at the start, where events are
 * fanned out; of instances that are configured differently the last one to start counts.
 */
@Component
class Channels implements InitializingBean {

    private final List<Channel> all;
    private final Outbox outbox;
    private final JsonMapper json;

    Channels(NotifyProperties properties, ObjectProvider<JavaMailSender> mail, Outbox outbox, JsonMapper json) {
        this.all = properties.channels().entrySet().stream()
                .map(entry -> Channel.of(entry.getKey(), entry.getValue(), properties.from()))
                .toList();
        if (all.stream().anyMatch(channel -> channel.envelope() != null) && mail.getIfAvailable() == null) {
            throw new UnusableSettingException(
                    "spring.mail.host is missing; a channel sends mail",
                    "Set it to your mail server such as smtp.example.com");
        }
        this.outbox = outbox;
        this.json = json;
    }

    List<Channel> all() {
        return all;
    }

    @Override
    public void afterPropertiesSet() {
        ArrayNode written = json.createArrayNode();
        for (Channel channel : all) {
            ChannelProperties properties = channel.properties();
            ObjectNode row = written.addObject();
            row.put("name", channel.name());
            row.put("kind", channel.kind().value());
            row.put("is_grouped", channel.kind().isGrouped());
            row.put("min_severity", properties.minSeverity().value());
            if (!properties.resources().isEmpty()) {
                properties.resources().forEach(row.putArray("resources")::add);
            }
            if (!properties.kinds().isEmpty()) {
                properties.kinds().stream().map(AlertKind::value).forEach(row.putArray("kinds")::add);
            }
            Duration reminder = properties.remindAfter();
            if (reminder != null) {
                row.put("remind_after", reminder.toString());
            }
        }
        outbox.setChannels(json.writeValueAsString(written));
    }
}
