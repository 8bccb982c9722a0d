// Package identity tells who sends a request: it turns a bearer token into a [Principal].
//
// The token is an OpenID Connect ID token (product.md section 2, Auth): a short JSON text about a person,
// signed by the issuer where the person signed in. We hold no secret and ask nobody about a single token;
// we read the issuer's public keys now and then and check the signature here, in process. So the check is
// the same in the cloud, under sam local and in the local cloud, whether or not a gateway looked first.
//
//	verifier, err := identity.New(identity.Config{Issuer: issuer, Audience: clientID, Now: time.Now})
//	...
//	token, err := identity.BearerToken(r.Header["Authorization"])
//	who, err := verifier.Verify(r.Context(), token)
//
// What must be true of a token is spread over few files: its form and header in token.go, its claims in
// claims.go, the keys in keyring.go, and in good.go which signatures were found good before. The rules follow RFC 7515 (signatures), RFC 7519 (claims), RFC 8725
// (the ways in which tokens are confused) and OpenID Connect Core section 3.1.3.7 (ID tokens).
//
// Whatever is wrong with a token, the answer is one of three errors, and none of them repeats a word of
// the token: errors end up in logs, and logs hold no personal data (proof.md S5).
//
// Signatures and JSON are read by go-jose. It wants the list of allowed algorithms at each call, refuses
// critical headers that it does not know, and its JSON reader is case-sensitive and refuses duplicate
// names. Of the others, golang-jwt ignores critical headers and reads JSON loosely; jwx is more than a
// megabyte larger; go-oidc, which stands on go-jose, asks the issuer again for every token with an unknown
// key, however many come, and reads answers of any size.
package identity
