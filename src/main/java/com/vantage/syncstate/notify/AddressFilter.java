package com.vantage.syncstate.notify;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.springframework.security.util.matcher.InetAddressMatcher;
import org.springframework.security.util.matcher.InetAddressMatchers;

/**
 * Resolves names, once for each connection, to addresses that a channel may lead to; a name with one that is not allowed
 * has none. The connection goes to what was looked at here, so that a second look-up cannot lead elsewhere.
 */
final class AddressFilter implements DnsResolver {

    /** Link-local, which the clouds' metadata have too, and what is no address of one host. */
    private static final InetAddressMatcher FORBIDDEN_4 =
            matcher("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "100.100.100.200/32", "224.0.0.0/4", "240.0.0.0/4");

    /** And IPv4 in IPv6, behind which any of the above may stand. */
    private static final InetAddressMatcher FORBIDDEN_6 = matcher(
            "::/128",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
            "fd00:ec2::254/128",
            "fd20:ce::254/128",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2002::/16",
            "2001::/32");

    private static final InetAddressMatcher PRIVATE_4 = matcher(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "192.0.2.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24");

    private static final InetAddressMatcher PRIVATE_6 = matcher("::/96", "fc00::/7", "2001:db8::/32");

    private final boolean allowPrivate;
    private final DnsResolver resolver;

    AddressFilter(boolean allowPrivate, DnsResolver resolver) {
        this.allowPrivate = allowPrivate;
        this.resolver = resolver;
    }

    static AddressFilter of(boolean allowPrivate) {
        return new AddressFilter(allowPrivate, SystemDefaultDnsResolver.INSTANCE);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = resolver.resolve(host);
        for (InetAddress address : addresses) {
            if (!allows(address)) {
                throw new ForbiddenAddressException();
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** Whether a host that is an address may be called; names are looked at when they are called. */
    boolean allowsLiteral(String host) {
        // What is no name asks no name server. A number alone is an IPv4 address to the JDK.
        if (!host.matches("\\[.*]|[0-9.]+|0[xX].*")) {
            return true;
        }
        try {
            resolve(host.replaceAll("[\\[\\]]", ""));
            return true;
        } catch (ForbiddenAddressException e) {
            return false;
        } catch (UnknownHostException e) {
            return true;
        }
    }

    /** Each family by its own list: the matcher compares the first bytes of one with those of the other. */
    private boolean allows(InetAddress address) {
        boolean four = address instanceof Inet4Address;
        return !(four ? FORBIDDEN_4 : FORBIDDEN_6).matches(address)
                && (allowPrivate || !(four ? PRIVATE_4 : PRIVATE_6).matches(address));
    }

    private static InetAddressMatcher matcher(String... networks) {
        return InetAddressMatchers.builder().includeAddresses(List.of(networks)).build();
    }

    /** The name leads to an address that is not allowed. */
    static final class ForbiddenAddressException extends UnknownHostException {}
}
