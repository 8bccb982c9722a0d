// Package lambdahttp lets a plain [net/http.Handler] answer the events an API Gateway HTTP API sends to a Lambda
// function (payload format 2.0), and, for the local cloud, plays the gateway: it turns real HTTP into the same events.
//
//	client ── HTTP ──▶ gateway ── event (JSON) ──▶ [Handler] ── *http.Request ──▶ http.Handler
//	       ◀─────────  gateway ◀─ response (JSON) ──         ◀─ ResponseWriter ──
//
// [Handler] is what a deployed function uses. [EventFromRequest] and [WriteResponse] are the gateway's two halves; a
// program that marshals and unmarshals between them and a Handler behaves as the deployed API does.
//
// # Why not a published adapter
//
// An HTTP API delivers rawPath decoded. The published adapters (aws-lambda-go-api-proxy, aws-lambda-go/lambdaurl) paste
// it into a URL and parse that, so a path with '%', '?' or '#' in it is misread or fails the function. The first also
// splits every header at its commas, which tears dates and lists apart, and fails the function when a body is not
// base64. And neither has the other direction.
//
// # What the gateway does to a request
//
// What is not in AWS's documentation ("Create AWS Lambda proxy integrations for HTTP APIs") was taken from published
// captures of deployed APIs (the test data of github.com/hotsock/voker, and pull request 766 of ministackorg/ministack).
//
//   - rawPath is decoded, twice, and cut at the first '?' that appears after the first time; what cannot be decoded the
//     second time is answered 400 by the gateway and never seen by the function. See [EventFromRequest].
//   - rawPath begins with the stage's name unless the stage is $default. [Handler] takes it off again.
//   - rawQueryString is as the client sent it. queryStringParameters are decoded and lose repeated names to commas, so
//     they are not used here.
//   - Header names come in lower case and repeated headers are joined by commas. They stay joined: a comma inside a
//     value cannot be told from one between two, and RFC 9110 section 5.3 gives both the same meaning.
//   - Cookies leave the headers for a list of their own.
//   - A body arrives as text for text/*, application/json, application/xml and application/javascript, and as base64
//     for everything else, or for no content type at all.
//
// In an answer the gateway ignores multi-value headers, turns the list of cookies into Set-Cookie headers, and counts
// the length itself.
package lambdahttp
