package identity

import "strings"

// BearerToken takes the token out of the values of a request's Authorization header, of which there must
// be exactly one: "Bearer", in any case, spaces, and a token (RFC 9110 section 11.4, RFC 6750 section 2.1).
// Several headers that something on the way joined with a comma are refused as well. Errors match
// [ErrUnauthenticated].
func BearerToken(authorization []string) (string, error) {
	if len(authorization) != 1 {
		return "", refused("there is not exactly one Authorization header")
	}
	scheme, token, _ := strings.Cut(authorization[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", refused("the Authorization header is not of the scheme Bearer")
	}
	token = strings.TrimLeft(token, " ")
	if token == "" || strings.ContainsFunc(token, notInToken) {
		return "", refused("the Authorization header holds no token")
	}
	return token, nil
}

// notInToken reports characters that RFC 6750's b64token does not have.
func notInToken(r rune) bool {
	return !letterOrDigit(r) && !strings.ContainsRune("-._~+/=", r)
}

func letterOrDigit(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
