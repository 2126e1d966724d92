package com.vantage.syncstate.notify;

import com.vantage.syncstate.config.UnusableSettingException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Where to read more about a notification; paths alone, unless it is configured where people reach the service. */
@Component
class Links {

    private final String base;

    Links(NotifyProperties properties) {
        String url = properties.baseUrl();
        if (url != null && !url.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")) {
            throw new UnusableSettingException(
                    "vantage.notify.base-url is no http or https address without a query",
                    "Set it to where people reach the service, such as https://sync.example.com");
        }
        base = url == null ? "" : url.replaceFirst("/+$", "");
    }

    /** Whether they can be followed from a chat. */
    boolean areAbsolute() {
        return !base.isEmpty();
    }

    /** Of a channel's own incident, no state. */
    Map<String, String> of(Notification notification) {
        var links = new LinkedHashMap<String, String>();
        links.put("incident", base + "/incidents/" + notification.incidentId());
        String resource = notification.text("resource");
        if (!resource.contains("/")) {
            links.put("state", base + "/sync-states/" + resource);
        }
        return links;
    }

    /** The page that shows every resource. */
    String page() {
        return base + "/";
    }
}
