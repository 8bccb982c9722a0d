package httpapi

import (
	"errors"
	"net/http"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/mentoring"
)

// caller tells who sends a request. It refuses with [mentoring.Unauthenticated], [mentoring.EmailNotVerified] or
// [mentoring.Busy].
//
// An address that is not verified is refused with 401, not 403: product.md section 2 keeps 403 for roles, and what
// helps is the same as with any token that does not hold, namely another token.
func (a *api) caller(r *http.Request) (desk.Caller, error) {
	token, err := identity.BearerToken(r.Header["Authorization"])
	var who identity.Principal
	if err == nil {
		who, err = a.Verifier.Verify(r.Context(), token)
	}
	switch {
	case err == nil:
		return desk.Caller{ID: mentoring.PersonIDFor(who.Issuer, who.Subject), Email: who.Email, Name: who.Name, Coordinator: who.Coordinator}, nil
	case errors.Is(err, identity.ErrUnauthenticated):
		return desk.Caller{}, refuse(mentoring.Unauthenticated,
			"Send a valid token of the issuer: Authorization: Bearer, a space, and the ID token.")
	case errors.Is(err, identity.ErrEmailNotVerified):
		return desk.Caller{}, refuse(mentoring.EmailNotVerified,
			"The token has no verified e-mail address. Verify it with the issuer, then get a new token.")
	case errors.Is(err, identity.ErrUnavailable):
		return desk.Caller{}, mentoring.Unavailable(err)
	}
	return desk.Caller{}, err
}

// challenge is the WWW-Authenticate header of a 401. Whoever sent no token is told of no error (RFC 6750 section 3.1).
func challenge(r *http.Request) string {
	if len(r.Header["Authorization"]) == 0 {
		return "Bearer"
	}
	return `Bearer error="invalid_token"`
}
