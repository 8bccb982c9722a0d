package identity

import (
	"encoding/base64"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// MaxTokenSize is the greatest length of a token in bytes. ID tokens have one to two thousand; HTTP APIs
// of API Gateway take about ten thousand for all headers together.
const MaxTokenSize = 8 << 10

// algorithms are those we believe: RS256, which every OpenID Connect issuer must offer and Cognito uses,
// and ES256. Each is bound to one kind of key, and there is no secret that could be mistaken for a public
// key (RFC 8725 sections 3.1 and 3.2). EdDSA is left out until an issuer needs it.
var algorithms = []jose.SignatureAlgorithm{jose.RS256, jose.ES256}

// keyName is how a token asks for a key. The algorithm is part of the name, so that a token cannot choose
// what a key is used for.
type keyName struct {
	id        string
	algorithm jose.SignatureAlgorithm
}

// parse reads the form and the header of a token, and says which key must have signed it. Nothing of the
// token is to be believed yet. Keys that the header itself brings or points to (jwk, jku, x5c, x5u) are
// never used (RFC 8725 section 3.10).
func parse(token string) (*jwt.JSONWebToken, keyName, error) {
	if len(token) > MaxTokenSize || !canonical(token) {
		return nil, keyName{}, refused("too long, or not in base64url")
	}
	signed, err := jwt.ParseSigned(token, algorithms)
	if err != nil {
		return nil, keyName{}, refused("not a signed token of three parts, or of an algorithm that is not allowed")
	}
	header := signed.Headers[0]
	// go-jose refuses critical extensions that it does not know, but knows one: b64, a payload outside of
	// base64, which a JWT must not use (RFC 7797 section 7). We know none.
	if _, critical := header.ExtraHeaders["crit"]; critical {
		return nil, keyName{}, refused("the header has critical extensions")
	}
	// Access tokens of RFC 9068 say at+jwt; ID tokens say JWT or, with Cognito, nothing.
	if is, typed := header.ExtraHeaders[jose.HeaderType]; typed {
		if name, _ := is.(string); !strings.EqualFold(name, "JWT") {
			return nil, keyName{}, refused("the token is of another type")
		}
	}
	if header.KeyID == "" {
		return nil, keyName{}, refused("the header names no key")
	}
	return signed, keyName{header.KeyID, jose.SignatureAlgorithm(header.Algorithm)}, nil
}

// canonical reports whether every part of the token is in base64url (RFC 7515 section 7.1), written in the
// only way there is. go-jose's own reading, which comes after, passes over line breaks and over bits after
// the last byte; that would give one token many spellings.
func canonical(token string) bool {
	for part := range strings.SplitSeq(token, ".") {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return false
		}
	}
	return !strings.ContainsAny(token, "\r\n")
}
