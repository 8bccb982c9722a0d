package identity_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/identity"
)

// The tests make their tokens with the standard library alone, byte by byte, so that anything can be wrong
// with them, and so that our reading of them is compared with another one's writing.

const (
	issuerURL = "https://issuer.example/pool"
	audience  = "our-client"
	rsaKID    = "rsa-1"
	ecKID     = "ec-1"
	// canary stands in every claim that may hold personal data; no error may repeat it.
	canary = "canary"
)

// noon is when the tests take place.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

var (
	rsaKey   = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	otherRSA = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	ecKey    = sync.OnceValue(func() *ecdsa.PrivateKey { return fixedEC("ours") })
	otherEC  = sync.OnceValue(func() *ecdsa.PrivateKey { return fixedEC("theirs") })
)

func fixedEC(seed string) *ecdsa.PrivateKey {
	scalar := sha256.Sum256([]byte(seed))
	return must(ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:]))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// object is a JSON object: a token's header or claims, or a key.
type object map[string]any

// with is o with some members replaced, and those that are absent taken away.
func (o object) with(changes object) object {
	o = maps.Clone(o)
	for name, value := range changes {
		if o[name] = value; value == absent {
			delete(o, name)
		}
	}
	return o
}

var absent = new(struct{ _ byte })

func (o object) String() string { return string(must(json.Marshal(o))) }

// replace is the text of o, changed where a map cannot hold what is wanted.
func (o object) replace(old, new string) string {
	text := o.String()
	if !strings.Contains(text, old) {
		panic(old + " is not in " + text)
	}
	return strings.Replace(text, old, new, 1)
}

func goodHeader() object { return object{"alg": "RS256", "typ": "JWT", "kid": rsaKID} }

func goodClaims() object {
	return object{
		"iss": issuerURL, "aud": audience, "sub": "sub-" + canary,
		"iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix(),
		"email": canary + "@example.org", "email_verified": true, "name": "Ca Nary",
	}
}

// signature makes the third part of a token out of the two before.
type signature func(signed string) []byte

func rs256(key *rsa.PrivateKey) signature {
	return func(signed string) []byte {
		sum := sha256.Sum256([]byte(signed))
		return must(rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:]))
	}
}

func rsaOther(key *rsa.PrivateKey, hash crypto.Hash, pss bool) signature {
	return func(signed string) []byte {
		h := hash.New()
		h.Write([]byte(signed))
		if pss {
			options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
			return must(rsa.SignPSS(rand.Reader, key, hash, h.Sum(nil), options))
		}
		return must(rsa.SignPKCS1v15(nil, key, hash, h.Sum(nil)))
	}
}

func es256(key *ecdsa.PrivateKey) signature {
	return func(signed string) []byte {
		var sig struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(es256ASN1(key)(signed), &sig); err != nil {
			panic(err)
		}
		return append(sig.R.FillBytes(make([]byte, 32)), sig.S.FillBytes(make([]byte, 32))...)
	}
}

// es256ASN1 signs in the form that certificates have and tokens have not; always the same for the same text.
func es256ASN1(key *ecdsa.PrivateKey) signature {
	return func(signed string) []byte {
		sum := sha256.Sum256([]byte(signed))
		return must(key.Sign(nil, sum[:], crypto.SHA256))
	}
}

func hs256(secret []byte) signature {
	return func(signed string) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(signed))
		return mac.Sum(nil)
	}
}

func unsigned(string) []byte { return nil }

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// forge makes a token of the texts of a header and claims.
func forge(header, claims string, sign signature) string {
	signed := b64(header) + "." + b64(claims)
	return signed + "." + b64(string(sign(signed)))
}

// good is a token that is accepted.
func good() string { return claiming(nil) }

// claiming is a good token with other claims, signed by the issuer.
func claiming(changes object) string {
	return forge(goodHeader().String(), goodClaims().with(changes).String(), rs256(rsaKey()))
}

// headed is a good token with another header, signed by the issuer.
func headed(changes object) string { return signedBy(changes, rs256(rsaKey())) }

// signedBy is a good token with another header and another signature.
func signedBy(changes object, sign signature) string {
	return forge(goodHeader().with(changes).String(), goodClaims().String(), sign)
}

// inES256 is a good token signed with the issuer's other key.
func inES256() string { return signedBy(ec, es256(ecKey())) }

// ec makes a header speak of the issuer's other key.
var ec = object{"alg": "ES256", "kid": ecKID}

func rsaJWK(kid string, key *rsa.PublicKey) object {
	return object{"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig",
		"n": b64(string(key.N.Bytes())), "e": b64(string(big.NewInt(int64(key.E)).Bytes()))}
}

func ecJWK(kid string, key *ecdsa.PublicKey) object {
	point := must(key.Bytes())[1:]
	half := len(point) / 2
	return object{"kty": "EC", "kid": kid, "alg": "ES256", "use": "sig", "crv": key.Params().Name,
		"x": b64(string(point[:half])), "y": b64(string(point[half:]))}
}

// verifier trusts the issuer that the transport leads to.
func verifier(t testing.TB, i *issuer, now func() time.Time) *identity.Verifier {
	t.Helper()
	config := identity.Config{Issuer: issuerURL, Audience: audience, HTTPClient: i.client(), Now: now}
	v, err := identity.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
