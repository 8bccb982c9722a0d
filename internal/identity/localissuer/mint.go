package localissuer

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Claims is what a token shall say of a person.
type Claims struct {
	Sub        string   // who, for good; required
	Audience   string   // the client id the token is for; required
	Email      string   // may be empty, as for people who have none
	Unverified bool     // says that the address was not verified
	Name       string   // may be empty
	Groups     []string // such as coordinators
}

// Mint makes an ID token that is valid from now for so long; less than nothing makes one that has expired.
func (i *Issuer) Mint(c Claims, validFor time.Duration) (string, error) {
	if c.Sub == "" || c.Audience == "" {
		return "", errors.New("localissuer: a token needs a subject and an audience")
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: i.signingKey()},
		new(jose.SignerOptions).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("localissuer: preparing to sign: %w", err)
	}
	now := i.now()
	token, err := jwt.Signed(signer).
		Claims(jwt.Claims{
			Issuer:   i.URL(),
			Subject:  c.Sub,
			Audience: jwt.Audience{c.Audience},
			IssuedAt: jwt.NewNumericDate(now),
			Expiry:   jwt.NewNumericDate(now.Add(validFor)),
		}).
		Claims(person{c.Email, c.Email != "" && !c.Unverified, c.Name, c.Groups}).
		Serialize()
	if err != nil {
		return "", fmt.Errorf("localissuer: signing: %w", err)
	}
	return token, nil
}

// person is the claims of OpenID Connect Core section 5.1, and groups.
type person struct {
	Email         string   `json:"email,omitempty"`
	EmailVerified bool     `json:"email_verified"`
	Name          string   `json:"name,omitempty"`
	Groups        []string `json:"groups,omitempty"`
}
