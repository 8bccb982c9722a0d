package identity

import (
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4/json"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	// leeway is how far the issuer's clock and ours may differ, where a token's times are judged.
	leeway = time.Minute
	// maxSubject is OpenID Connect Core section 2's limit of sub.
	maxSubject = 255
	// coordinators is the group that makes a coordinator (product.md section 2, Auth).
	coordinators = "coordinators"
)

// claims is what we read of a token's claims; others are passed over.
type claims struct {
	jwt.Claims
	AuthorizedParty string `json:"azp"`
	TokenUse        string `json:"token_use"` // Cognito's: id or access
	Email           string `json:"email"`
	EmailVerified   yes    `json:"email_verified"`
	Name            string `json:"name"`
	Groups          groups `json:"groups"`
	CognitoGroups   groups `json:"cognito:groups"`
}

// check says whether the claims, whose signature was good, make an ID token for us that is valid now
// (OpenID Connect Core section 3.1.3.7).
func (c *claims) check(issuer, audience string, now time.Time) error {
	expected := jwt.Expected{Issuer: issuer, AnyAudience: jwt.Audience{audience}, Time: now}
	if err := c.ValidateWithLeeway(expected, leeway); err != nil {
		return refused(err.Error()) // one of the library's fixed texts
	}
	switch {
	case c.Expiry == nil:
		return refused("the token never expires")
	case len(c.Audience) > 1 && c.AuthorizedParty != audience:
		return refused("the token is for several audiences and was not given to us")
	case c.TokenUse != "" && c.TokenUse != "id":
		return refused("the token is not an ID token")
	case !validSubject(c.Subject):
		return refused("the subject is missing, too long or not printable ASCII")
	}
	return nil
}

// principal takes from checked claims what we want to know. Its error matches ErrEmailNotVerified.
func (c *claims) principal() (Principal, error) {
	email, plain := plainAddress(c.Email)
	if !plain || !bool(c.EmailVerified) {
		return Principal{}, ErrEmailNotVerified
	}
	return Principal{
		Issuer:      c.Issuer,
		Subject:     c.Subject,
		Email:       email,
		Name:        displayName(c.Name),
		Coordinator: slices.Contains(c.Groups, coordinators) || slices.Contains(c.CognitoGroups, coordinators),
	}, nil
}

// validSubject: a subject is compared as it is, so nothing is trimmed or folded.
func validSubject(s string) bool {
	for _, r := range s {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return s != "" && len(s) <= maxSubject
}

// yes is a truth value that some issuers, Cognito among them, may write as a string. Whatever is neither
// true nor "true" means no.
type yes bool

func (y *yes) UnmarshalJSON(text []byte) error {
	*y = string(text) == "true" || string(text) == `"true"`
	return nil
}

// groups are names of groups: a list, or one name alone, as some issuers shorten a list of one. A claim of
// another shape gives no group; it is no reason to keep somebody out.
type groups []string

func (g *groups) UnmarshalJSON(text []byte) error {
	var many []string
	var one string
	switch {
	case json.Unmarshal(text, &many) == nil:
		*g = many
	case json.Unmarshal(text, &one) == nil:
		*g = groups{one}
	}
	return nil
}
