package lambdahttp

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Origin is where a client reached the server: scheme and authority, such as "https://api.example.org", to begin addresses
// with that the client is given.
//
// Behind the gateway it is made of the domain name that the gateway says it was called at. The Host header is the client's
// word, or that of something on the way, and an address that carries a secret must not lead where that says. Only of a
// gateway on this machine, which has no certificate and seldom the usual port, the port comes from there. Without a gateway
// the Host of the request is all there is.
func Origin(r *http.Request) string {
	said := about(r.Context())
	if said == nil || said.DomainName == "" {
		u := url.URL{Scheme: "http", Host: r.Host}
		if r.TLS != nil {
			u.Scheme = "https"
		}
		return u.String()
	}
	domain := said.DomainName
	if !isLoopback(domain) {
		return "https://" + domain
	}
	if _, port, err := net.SplitHostPort(r.Host); err == nil && isPort(port) {
		return "http://" + net.JoinHostPort(domain, port)
	}
	return (&url.URL{Scheme: "http", Host: domain}).String()
}

// isLoopback reports whether a host is this machine (RFC 6761 section 6.3 for names).
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}
