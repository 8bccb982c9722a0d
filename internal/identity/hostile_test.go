package identity_test

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/identity"
)

// hostile is one token that must be refused. Each is the good token with one thing wrong; those whose
// fault lies in header or claims are signed by the issuer's own key, so that nothing but the rule in
// question can refuse them.
type hostile struct {
	name  string
	token string
}

// unauthentic tokens are refused with ErrUnauthenticated (proof.md S2).
func unauthentic() []hostile {
	return join(misshapen(), confusedAlgorithms(), confusedKeys(), badHeaders(), badClaims())
}

func join(lists ...[]hostile) (all []hostile) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func misshapen() []hostile {
	token := good()
	parts := strings.Split(token, ".")
	header, claims, signature := parts[0], parts[1], parts[2]
	otherClaims := b64(goodClaims().with(object{"sub": "victim"}).String())
	// Any eight question marks hold three that base64url writes as "Pz8_".
	underscored := claiming(object{"name": "????????"})
	return []hostile{
		{"empty", ""},
		{"one word", "junk"},
		{"only dots", ".."},
		{"many dots", strings.Repeat(".", 8000)},
		{"cut in half", token[:len(token)/2]},
		{"last character cut off", token[:len(token)-1]},
		{"signature stripped", header + "." + claims + "."},
		{"signature and its dot stripped", header + "." + claims},
		{"signature doubled", token + signature},
		{"claims stripped", header + ".." + signature},
		{"header stripped", "." + claims + "." + signature},
		{"fourth part", token + "." + signature},
		{"fourth part, empty", token + "."},
		{"five parts, as if encrypted", b64(`{"alg":"RSA-OAEP","enc":"A256GCM"}`) + ".AA.AA.AA.AA"},
		{"JSON form", `{"protected":"` + header + `","payload":"` + claims + `","signature":"` + signature + `"}`},
		{"with its scheme", "Bearer " + token},
		{"space before", " " + token},
		{"space after", token + " "},
		{"line break after", token + "\n"},
		{"line break inside", header + ".\r\n" + claims + "." + signature},
		{"NUL after", token + "\x00"},
		{"padded", padded(header) + "." + padded(claims) + "." + padded(signature)},
		{"base64 instead of base64url", strings.NewReplacer("_", "/", "-", "+").Replace(underscored)},
		{"spare bits set", withSpareBits(token)},
		{"too long", claiming(object{"filler": strings.Repeat("x", identity.MaxTokenSize)})},
		{"signature of other claims", header + "." + otherClaims + "." + signature},
	}
}

// padded writes a part with the equals signs that tokens leave out. A signature of 256 bytes needs two.
func padded(part string) string { return part + strings.Repeat("=", (4-len(part)%4)%4) }

// withSpareBits sets the bits that the last character of a 256-byte signature does not need.
func withSpareBits(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(token) - 1
	return token[:last] + string(alphabet[strings.IndexByte(alphabet, token[last])|1])
}

func confusedAlgorithms() []hostile {
	public := must(x509.MarshalPKIXPublicKey(&rsaKey().PublicKey))
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	in := func(alg string, sign signature) string { return signedBy(object{"alg": alg}, sign) }
	hmac := func(secret []byte) string { return in("HS256", hs256(secret)) }
	nought := func(string) []byte { return make([]byte, 64) }
	return []hostile{
		{"alg none", in("none", unsigned)},
		{"alg none with a signature", in("none", rs256(rsaKey()))},
		{"alg nOnE", in("nOnE", unsigned)},
		{"alg empty", in("", rs256(rsaKey()))},
		{"alg missing", headed(object{"alg": absent})},
		{"alg null", headed(object{"alg": nil})},
		{"alg a number", headed(object{"alg": 256})},
		{"alg a list", headed(object{"alg": []string{"RS256"}})},
		{"alg in lower case", headed(object{"alg": "rs256"})},
		{"alg telling tales", headed(object{"alg": canary})},
		{"HS256 with the public key in PEM", hmac(asPEM)},
		{"HS256 with the public key in DER", hmac(public)},
		{"HS256 with the PKCS#1 public key", hmac(x509.MarshalPKCS1PublicKey(&rsaKey().PublicKey))},
		{"HS256 with the modulus", hmac(rsaKey().N.Bytes())},
		{"HS256 with an empty secret", hmac(nil)},
		{"RS512 with the right key", in("RS512", rsaOther(rsaKey(), crypto.SHA512, false))},
		{"PS256 with the right key", in("PS256", rsaOther(rsaKey(), crypto.SHA256, true))},
		{"PS256 that says RS256", in("RS256", rsaOther(rsaKey(), crypto.SHA256, true))},
		{"RS256 with the id of the EC key", headed(object{"kid": ecKID})},
		{"ES256 with the id of the RSA key", in("ES256", es256(ecKey()))},
		{"ES256 in ASN.1", signedBy(ec, es256ASN1(ecKey()))},
		{"ES256 signed with nought", signedBy(ec, nought)},
	}
}

func confusedKeys() []hostile {
	theirs := rsaJWK(rsaKID, &otherRSA().PublicKey)
	by := func(changes object) string { return signedBy(changes, rs256(otherRSA())) }
	secret := object{"alg": "HS256", "jwk": object{"kty": "oct", "k": "AAAA"}}
	return []hostile{
		{"another key with the same id", by(nil)},
		{"another EC key with the same id", signedBy(ec, es256(otherEC()))},
		{"unknown key id", by(object{"kid": "rsa-2"})},
		{"unknown key id, telling tales", by(object{"kid": canary})},
		{"no key id", headed(object{"kid": absent})},
		{"key id empty", headed(object{"kid": ""})},
		{"key id null", headed(object{"kid": nil})},
		{"key id a number", headed(object{"kid": 1})},
		{"key id a list", headed(object{"kid": []string{rsaKID}})},
		{"key id in another case", headed(object{"kid": strings.ToUpper(rsaKID)})},
		{"key brought along", by(object{"jwk": theirs})},
		{"key brought along, no id", by(object{"jwk": theirs, "kid": absent})},
		{"secret brought along", signedBy(secret, hs256(make([]byte, 3)))},
		{"keys pointed to", by(object{"jku": "https://evil.example/keys"})},
		{"certificate pointed to", by(object{"x5u": "https://evil.example/cert"})},
		{"certificate brought along", by(object{"x5c": []string{"Y2FuYXJ5"}})},
	}
}

func badHeaders() []hostile {
	header := func(text string) string { return forge(text, goodClaims().String(), rs256(rsaKey())) }
	outside := object{"crit": []string{"b64"}, "b64": false} // the payload is signed as it is, not in base64url
	signOutside := func(signed string) []byte {
		header, _, _ := strings.Cut(signed, ".")
		return rs256(rsaKey())(header + "." + goodClaims().String())
	}
	return []hostile{
		{"header not JSON", header("header")},
		{"header a list", header(`["RS256"]`)},
		{"header null", header("null")},
		{"header with something after", header(goodHeader().String() + "{}")},
		{"header with alg twice", header(goodHeader().replace(`"alg":"RS256"`, `"alg":"none","alg":"RS256"`))},
		{"header with kid twice", header(goodHeader().replace(`"kid"`, `"kid":"rsa-2","kid"`))},
		{"header names in another case", header(`{"Alg":"RS256","Kid":"rsa-1"}`)},
		{"key id deeply nested", header(goodHeader().replace(`"rsa-1"`, nested(2500)))},
		{"header deeply nested", forge(goodHeader().replace(`{`, `{"x":`+nested(2500)+`,`), "{}", rs256(otherRSA()))},
		{"critical extension", headed(object{"crit": []string{"exp"}, "exp": 1})},
		{"critical extension b64", headed(object{"crit": []string{"b64"}, "b64": true})},
		{"payload signed outside of base64", signedBy(outside, signOutside)},
		{"critical extensions, none", headed(object{"crit": []string{}})},
		{"critical extensions not a list", headed(object{"crit": "b64"})},
		{"typ of an access token", headed(object{"typ": "at+jwt"})},
		{"typ of a logout token", headed(object{"typ": "logout+jwt"})},
		{"typ not a text", headed(object{"typ": []string{"JWT"}})},
	}
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func badClaims() []hostile {
	raw := func(text string) string { return forge(goodHeader().String(), text, rs256(rsaKey())) }
	after := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	number := func(claim, number string) string { // one that Go has no type for
		return raw(goodClaims().with(object{claim: 7}).replace(`"`+claim+`":7`, `"`+claim+`":`+number))
	}
	two := []string{audience, "their-client"}
	access := object{
		"iss": issuerURL, "sub": "sub-" + canary, "client_id": audience, "token_use": "access",
		"scope": "openid email", "iat": noon.Unix(), "exp": after(time.Hour), "username": canary,
	}
	return []hostile{
		{"claims not JSON", raw("claims")},
		{"claims null", raw("null")},
		{"claims a list", raw("[" + goodClaims().String() + "]")},
		{"claims a text", raw(`"` + canary + `"`)},
		{"claims empty", raw("{}")},
		{"claims with something after", raw(goodClaims().String() + "{}")},
		{"claims cut off", raw(strings.TrimSuffix(goodClaims().String(), "}"))},
		{"claims with names in another case", raw(goodClaims().replace(`"exp"`, `"Exp"`))},
		{"iss twice", raw(goodClaims().replace(`"iss"`, `"iss":"https://evil.example","iss"`))},
		{"sub twice", raw(goodClaims().replace(`"sub"`, `"sub":"victim","sub"`))},
		{"sub twice, once escaped", raw(goodClaims().replace(`"sub"`, `"\u0073ub":"victim","sub"`))},
		{"unknown claim twice, telling tales", raw(goodClaims().replace(`"sub"`, `"canary":1,"canary":2,"sub"`))},
		{"email twice", raw(goodClaims().replace(`"email"`, `"email":"victim@example.org","email"`))},
		{"email_verified twice", raw(goodClaims().replace(`"email_v`, `"email_verified":false,"email_v`))},

		{"another issuer", claiming(object{"iss": "https://evil.example"})},
		{"issuer with a slash more", claiming(object{"iss": issuerURL + "/"})},
		{"issuer in another case", claiming(object{"iss": strings.ToUpper(issuerURL)})},
		{"issuer's neighbour", claiming(object{"iss": issuerURL + "2"})},
		{"issuer a list", claiming(object{"iss": []string{issuerURL}})},
		{"issuer missing", claiming(object{"iss": absent})},

		{"another audience", claiming(object{"aud": "their-client"})},
		{"audience missing", claiming(object{"aud": absent})},
		{"audience null", claiming(object{"aud": nil})},
		{"audience empty", claiming(object{"aud": ""})},
		{"audiences empty", claiming(object{"aud": []string{}})},
		{"audience an object", claiming(object{"aud": object{audience: true}})},
		{"audiences not all texts", claiming(object{"aud": []any{audience, 1}})},
		{"several audiences, none authorised", claiming(object{"aud": two})},
		{"several audiences, another authorised", claiming(object{"aud": two, "azp": "their-client"})},

		{"expired", claiming(object{"exp": after(-2 * time.Minute)})},
		{"expired long ago", claiming(object{"exp": 1})},
		{"expiry missing", claiming(object{"exp": absent})},
		{"expiry null", claiming(object{"exp": nil})},
		{"expiry a text", claiming(object{"exp": "2100-01-01T00:00:00Z"})},
		{"expiry a number as text", claiming(object{"exp": "4102444800"})},
		{"expiry beyond all numbers", number("exp", "1e999")},
		{"expiry beyond all dates", number("exp", "1e300")},
		{"expiry before all dates", number("exp", "-1e300")},
		{"not valid yet", claiming(object{"nbf": after(2 * time.Minute)})},
		{"not valid for ages", number("nbf", "9223372036854775807")},
		{"issued in the future", claiming(object{"iat": after(2 * time.Minute)})},
		{"issued at a text", claiming(object{"iat": "now"})},

		{"subject missing", claiming(object{"sub": absent})},
		{"subject null", claiming(object{"sub": nil})},
		{"subject empty", claiming(object{"sub": ""})},
		{"subject a number", claiming(object{"sub": 7})},
		{"subject a list", claiming(object{"sub": []string{canary}})},
		{"subject too long", claiming(object{"sub": strings.Repeat("s", 256)})},
		{"subject with a line break", claiming(object{"sub": "a\nb"})},
		{"subject with NUL", claiming(object{"sub": "a\x00b"})},
		{"subject not ASCII", claiming(object{"sub": "ä"})},
		{"subject not UTF-8", raw(goodClaims().with(object{"sub": "s7"}).replace("s7", "\xff"))},

		{"Cognito's access token", raw(access.String())},
		{"access token with our audience", claiming(object{"token_use": "access"})},
		{"use not a text", claiming(object{"token_use": true})},
		{"e-mail address not a text", claiming(object{"email": []string{canary + "@example.org"}})},
		{"name not a text", claiming(object{"name": object{"given": canary}})},
		{"name deeply nested", raw(goodClaims().replace(`"Ca Nary"`, nested(2500)))},
	}
}

// unverified tokens are right but for the e-mail address, and are refused with ErrEmailNotVerified.
func unverified() []hostile {
	mail := func(address string) string { return claiming(object{"email": address}) }
	verified := func(v any) string { return claiming(object{"email_verified": v}) }
	return []hostile{
		{"address missing", claiming(object{"email": absent})},
		{"address null", claiming(object{"email": nil})},
		{"address empty", mail("")},
		{"not said whether verified", verified(absent)},
		{"verified null", verified(nil)},
		{"verified false", verified(false)},
		{`verified "false"`, verified("false")},
		{`verified "TRUE"`, verified("TRUE")},
		{`verified "1"`, verified("1")},
		{"verified 1", verified(1)},
		{"verified a list", verified([]bool{true})},
		{"verified in another case", claiming(object{"email_verified": absent, "Email_Verified": true})},
		{"no at sign", mail(canary)},
		{"two at signs", mail("canary@example.org@evil.example")},
		{"no local part", mail("@example.org")},
		{"no domain", mail("canary@")},
		{"no domain but a host", mail("canary@localhost")},
		{"address literal", mail("canary@[192.0.2.1]")},
		{"display name", mail("Ca Nary <canary@example.org>")},
		{"comment", mail("canary@example.org (Ca Nary)")},
		{"quoted", mail(`"ca nary"@example.org`)},
		{"two addresses", mail("canary@example.org, victim@example.org")},
		{"header injected", mail("canary@example.org\r\nBcc: victim@example.org")},
		{"line break after", mail("canary@example.org\n")},
		{"NUL", mail("canary\x00@example.org")},
		{"bidi override", mail("canary\u202e@example.org")},
		{"look-alike letter", mail("c\u0430nary@example.org")},
		{"domain not ASCII", mail("canary@ex\u00e4mple.org")},
		{"dots in a row", mail("ca..nary@example.org")},
		{"dot before the at sign", mail("canary.@example.org")},
		{"dot after the domain", mail("canary@example.org.")},
		{"hyphen before a label", mail("canary@-example.org")},
		{"hyphen after a label", mail("canary@example-.org")},
		{"underscore in the domain", mail("canary@ex_ample.org")},
		{"label too long", mail("canary@" + strings.Repeat("x", 64) + ".org")},
		{"local part too long", mail(strings.Repeat("x", 32) + "." + strings.Repeat("x", 32) + "@example.org")},
		{"address too long", mail("canary@" + strings.Repeat("example.", 31) + "org")},
	}
}

func TestHostileTokensAreRefused(t *testing.T) {
	v := verifier(t, newIssuer(), atNoon)
	if _, err := v.Verify(t.Context(), good()); err != nil {
		t.Fatalf("the token that the others are made of is refused itself: %v", err)
	}
	refuse := func(want error, tokens []hostile) {
		for _, h := range tokens {
			t.Run(h.name, func(t *testing.T) {
				who, err := v.Verify(t.Context(), h.token)
				if !errors.Is(err, want) {
					t.Errorf("error is %v, want %v", err, want)
				}
				if who != (identity.Principal{}) {
					t.Errorf("speaks of %+v nevertheless", who)
				}
				if err != nil && strings.Contains(err.Error(), canary) {
					t.Errorf("the error repeats the token: %v", err)
				}
			})
		}
	}
	refuse(identity.ErrUnauthenticated, unauthentic())
	refuse(identity.ErrEmailNotVerified, unverified())
	t.Logf("figure S2: %d hostile tokens refused", len(unauthentic())+len(unverified()))
}

// Every change of every single bit is refused, in both algorithms.
func TestEveryBitCounts(t *testing.T) {
	v, bits := verifier(t, newIssuer(), atNoon), 0
	for _, token := range []string{good(), inES256()} {
		bits += 8 * len(token)
		if _, err := v.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		for at := range len(token) {
			for bit := range 8 {
				changed := []byte(token)
				changed[at] ^= 1 << bit
				if _, err := v.Verify(t.Context(), string(changed)); !errors.Is(err, identity.ErrUnauthenticated) {
					t.Fatalf("bit %d of character %d: error is %v", bit, at, err)
				}
			}
		}
	}
	t.Logf("figure S2: %d bits turned over, one at a time: refused", bits)
}

// What a token says about keys elsewhere is not followed, even if the token is good.
func TestKeysAreTakenFromTheIssuerOnly(t *testing.T) {
	i := newIssuer()
	i.answer("/evil", object{"keys": []object{rsaJWK("evil", &otherRSA().PublicKey)}}.String())
	v := verifier(t, i, atNoon)
	elsewhere := object{"jku": "https://issuer.example/evil", "x5u": "https://issuer.example/evil"}
	if _, err := v.Verify(t.Context(), headed(elsewhere)); err != nil {
		t.Errorf("a good token that mentions other keys: %v", err)
	}
	theirs := signedBy(elsewhere.with(object{"kid": "evil"}), rs256(otherRSA()))
	if _, err := v.Verify(t.Context(), theirs); !errors.Is(err, identity.ErrUnauthenticated) {
		t.Errorf("a token signed with other keys: %v", err)
	}
	if n := i.asked("/evil"); n != 0 {
		t.Errorf("the address in the token was asked %d times", n)
	}
}

// No input makes Verify panic, and nothing is accepted that the issuer did not sign. (The EC keys of the
// tests are always the same, so that all processes that take part mutate the same good token.)
func FuzzVerify(f *testing.F) {
	accepted := map[string]bool{good(): true, inES256(): true}
	for token := range accepted {
		f.Add(token)
	}
	for _, h := range append(unauthentic(), unverified()...) {
		f.Add(h.token)
	}
	v := verifier(f, newIssuer(), atNoon)
	f.Fuzz(func(t *testing.T, token string) {
		who, err := v.Verify(t.Context(), token)
		switch {
		case accepted[token] != (err == nil):
			t.Errorf("%q: accepted is %v, error is %v", token, accepted[token], err)
		case err != nil && who != (identity.Principal{}):
			t.Errorf("%q is refused and speaks of %+v", token, who)
		}
	})
}
